-- Clients that have a session, and what ends with them. Names in the index: K who client, a session of a user; j process who
-- client, one that is connected to a process.
local function keepSession(session)
    write('c' .. TAB .. session.who .. TAB .. session.client, session)
end

local function sessionsOf(who)
    local sessions = {}
    for _, client in ipairs(rests('K' .. TAB .. who .. TAB)) do
        sessions[#sessions + 1] = sessionOf(who, client)
    end
    return sessions
end

local function connectionName(session)
    return 'j' .. TAB .. session.process .. TAB .. session.who .. TAB .. session.client
end

local function graceName(session)
    return 'c' .. TAB .. session.who .. TAB .. session.client
end

-- Puts a session on a process, or on none.
local function moveSession(session, process)
    if session.process then
        strike({ connectionName(session) })
    end
    session.process = process
    if process then
        enter({ connectionName(session) })
    end
    keepSession(session)
end

local function tellOver(session)
    if session.process then
        tell(session.process, table.concat({ 'over', session.user or '', session.client, digits(session.number) }, TAB))
    end
end

local function idsOfUser(who)
    return rests('y' .. TAB .. who .. TAB)
end

local function idsOfClient(who, client)
    return rests('z' .. TAB .. who .. TAB .. client .. TAB)
end

-- What a client took lives with the process to which it is connected; so does what is left of a process that is gone.
local function follow(session)
    local function move(ids)
        for _, id in ipairs(ids) do
            local hold = holdOf(id)
            local own = hold.client == session.client
            if hold.byClient
                and hold.process ~= session.process
                and (own or not read('P' .. TAB .. hold.process))
            then
                changeHold(id, hold, function()
                    hold.process = session.process
                end)
            end
        end
    end
    move(idsOfClient(session.who, session.client))
    move(idsOfUser(session.who))
end

-- Of the leases that beats renew.
local function shortestLease(session)
    local shortest
    local function look(ids)
        for _, id in ipairs(ids) do
            local hold = holdOf(id)
            if hold.renewal == 'A' and hold.lease then
                shortest = math.min(shortest or hold.lease, hold.lease)
            end
        end
    end
    look(idsOfClient(session.who, session.client))
    look(idsOfUser(session.who))
    return shortest
end

-- Whoever logs in is back: what lost its connection, and is not to stay, no longer keeps the user's holds alive.
local function connect(session, process, number)
    for _, other in ipairs(sessionsOf(session.who)) do
        if not other.process and other.policy ~= 'S' and other.counts then
            other.counts = nil
            keepSession(other)
        end
    end
    redis.call('ZREM', DEADLINES, graceName(session))
    session.counts = true
    session.number = number
    moveSession(session, process)
    enter({ 'K' .. TAB .. session.who .. TAB .. session.client })
    follow(session)
    local shortest = shortestLease(session)
    return { 'connection', digits(number), session.policy, session.grace and digits(session.grace) or '',
        shortest and digits(shortest) or '', session.user or '', session.client }
end

local function byRoot(ids)
    local roots, grouped = {}, {}
    for _, id in ipairs(ids) do
        local hold = holdOf(id)
        if hold then
            local root = rootOf(hold.path)
            if not grouped[root] then
                grouped[root] = {}
                roots[#roots + 1] = root
            end
            table.insert(grouped[root], id)
        end
    end
    return roots, grouped
end

-- Ends kept holds: in each tree, everything at once.
local function endInTrees(ids, kind, extra)
    local count = 0
    local roots, grouped = byRoot(ids)
    for _, root in ipairs(roots) do
        count = count + #endKept(grouped[root], kind, extra)
        settle(root)
    end
    return count
end

local function dismissWaitersOf(who, client)
    local roots = {}
    local prefix = 'w' .. TAB .. who .. TAB .. (client and client .. TAB or '')
    for _, rest in ipairs(rests(prefix)) do
        local ask = askOf(string.match(rest, '[^\t]*$'))
        roots[ask.root] = true
    end
    for root in pairs(roots) do
        dismiss(root, function(ask)
            return ask.who == who and (not client or ask.client == client)
        end, { 'ended' })
        settle(root)
    end
end

local function forgetSession(session)
    redis.call('ZREM', DEADLINES, graceName(session))
    moveSession(session, nil)
    strike({ 'K' .. TAB .. session.who .. TAB .. session.client })
    erase('c' .. TAB .. session.who .. TAB .. session.client)
    erase('N' .. TAB .. session.client)
end

local function endSession(session, kind, extra)
    forgetSession(session)
    local ending = {}
    local function add(ids)
        for _, id in ipairs(ids) do
            local hold = holdOf(id)
            if hold.byClient and hold.renewal ~= 'N' then
                ending[#ending + 1] = id
            end
        end
    end
    add(idsOfClient(session.who, session.client))
    local counts, other = false, nil
    for _, one in ipairs(sessionsOf(session.who)) do
        counts = counts or one.counts
        other = one.process and one or other
    end
    if not counts then
        add(idsOfUser(session.who))
    elseif other then
        follow(other)
    end
    dismissWaitersOf(session.who, session.client)
    endInTrees(ending, kind, extra)
end

-- The session of a connection, if that is still the client's.
local function connected(who, client, number)
    local session = sessionOf(who, client)
    return session and session.process and session.number == number and session or nil
end

local function disconnect(session, kind, extra)
    if session.policy == 'R' then
        endSession(session, kind, extra)
        return
    end
    moveSession(session, nil)
    if session.grace then
        redis.call('ZADD', DEADLINES, digits(now + session.grace), graceName(session))
    end
    dismissWaitersOf(session.who, session.client)
end
