-- Most requests need nothing of what follows, up to the last chapter: so it is defined by whoever needs it.
local function furtherChapters()

-- Clients that have a session, and what ends with them. Names in the index: K who client, a session of a user; j process who
-- client, one that is connected to a process.
function clients.keepSession(session)
    bucket.write('c' .. TAB .. session.who .. TAB .. session.client, session)
end

function clients.sessionsOf(who)
    local sessions = {}
    for _, client in ipairs(index.rests('K' .. TAB .. who .. TAB)) do
        sessions[#sessions + 1] = holds.sessionOf(who, client)
    end
    return sessions
end

function clients.connectionName(session)
    return 'j' .. TAB .. session.process .. TAB .. session.who .. TAB .. session.client
end

function clients.graceName(session)
    return 'c' .. TAB .. session.who .. TAB .. session.client
end

-- Puts a session on a process, or on none.
function clients.moveSession(session, process)
    if session.process then
        index.strike({ clients.connectionName(session) })
    end
    session.process = process
    if process then
        index.enter({ clients.connectionName(session) })
    end
    clients.keepSession(session)
end

function clients.tellOver(session)
    if session.process then
        bucket.tell(session.process, table.concat({ 'over', session.user or '', session.client, bucket.digits(session.number) }, TAB))
    end
end

function clients.idsOfUser(who)
    return index.rests('y' .. TAB .. who .. TAB)
end

function clients.idsOfClient(who, client)
    return index.rests('z' .. TAB .. who .. TAB .. client .. TAB)
end

-- What a client took lives with the process to which it is connected; so does what is left of a process that is gone.
function clients.follow(session)
    local function move(ids)
        for _, id in ipairs(ids) do
            local hold = holds.holdOf(id)
            local own = hold.client == session.client
            if hold.byClient
                and hold.process ~= session.process
                and (own or not bucket.read('P' .. TAB .. hold.process))
            then
                holds.changeHold(id, hold, function()
                    -- What the beats of the former process were for it is not forgotten with that.
                    hold.used = holds.lastUse(hold)
                    hold.process = session.process
                end)
                if hold.lease then
                    holds.setDeadline(id, hold)
                end
            end
        end
    end
    move(clients.idsOfClient(session.who, session.client))
    move(clients.idsOfUser(session.who))
end

-- Of the leases that beats renew.
function clients.shortestLease(session)
    local shortest
    local function look(ids)
        for _, id in ipairs(ids) do
            local hold = holds.holdOf(id)
            if hold.renewal == 'A' and hold.lease then
                shortest = math.min(shortest or hold.lease, hold.lease)
            end
        end
    end
    look(clients.idsOfClient(session.who, session.client))
    look(clients.idsOfUser(session.who))
    return shortest
end

-- Whoever logs in is back: what lost its connection, and is not to stay, no longer keeps the user's holds alive.
function clients.connect(session, process, number)
    for _, other in ipairs(clients.sessionsOf(session.who)) do
        if not other.process and other.policy ~= 'S' and other.counts then
            other.counts = nil
            clients.keepSession(other)
        end
    end
    redis.call('ZREM', DEADLINES, clients.graceName(session))
    session.counts = true
    session.number = number
    clients.moveSession(session, process)
    index.enter({ 'K' .. TAB .. session.who .. TAB .. session.client })
    clients.follow(session)
    local shortest = clients.shortestLease(session)
    return { 'connection', bucket.digits(number), session.policy, session.grace and bucket.digits(session.grace) or '',
        shortest and bucket.digits(shortest) or '', session.user or '', session.client }
end

function clients.byRoot(ids)
    local roots, grouped = {}, {}
    for _, id in ipairs(ids) do
        local hold = holds.holdOf(id)
        if hold then
            local root = bucket.rootOf(hold.path)
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
function clients.endInTrees(ids, kind, extra)
    local count = 0
    local roots, grouped = clients.byRoot(ids)
    for _, root in ipairs(roots) do
        count = count + #holds.endKept(grouped[root], kind, extra)
        line.settle(root)
    end
    return count
end

function clients.dismissWaitersOf(who, client)
    local roots = {}
    local prefix = 'w' .. TAB .. who .. TAB .. (client and client .. TAB or '')
    for _, rest in ipairs(index.rests(prefix)) do
        local ask = line.askOf(string.match(rest, '[^\t]*$'))
        roots[ask.root] = true
    end
    for root in pairs(roots) do
        line.dismiss(root, function(ask)
            return ask.who == who and (not client or ask.client == client)
        end, { 'ended' })
        line.settle(root)
    end
end

function clients.forgetSession(session)
    redis.call('ZREM', DEADLINES, clients.graceName(session))
    clients.moveSession(session, nil)
    index.strike({ 'K' .. TAB .. session.who .. TAB .. session.client })
    bucket.erase('c' .. TAB .. session.who .. TAB .. session.client)
    bucket.erase('N' .. TAB .. session.client)
end

function clients.endSession(session, kind, extra)
    clients.forgetSession(session)
    local ending = {}
    local function add(ids)
        for _, id in ipairs(ids) do
            local hold = holds.holdOf(id)
            if hold.byClient and hold.renewal ~= 'N' then
                ending[#ending + 1] = id
            end
        end
    end
    add(clients.idsOfClient(session.who, session.client))
    local counts, other = false, nil
    for _, one in ipairs(clients.sessionsOf(session.who)) do
        counts = counts or one.counts
        other = one.process and one or other
    end
    if not counts then
        add(clients.idsOfUser(session.who))
    elseif other then
        clients.follow(other)
        local shortest = clients.shortestLease(other)
        if shortest then
            bucket.tell(other.process, 'renew' .. TAB .. bucket.digits(shortest))
        end
    end
    clients.dismissWaitersOf(session.who, session.client)
    clients.endInTrees(ending, kind, extra)
end

-- The session of a connection, if that is still the client's, or was its last.
function clients.ofConnection(who, client, number)
    local session = holds.sessionOf(who, client)
    return session and session.number == number and session or nil
end

function clients.disconnect(session, kind, extra)
    if session.policy == 'R' then
        clients.endSession(session, kind, extra)
        return
    end
    clients.moveSession(session, nil)
    if session.grace then
        redis.call('ZADD', DEADLINES, bucket.digits(now + session.grace), clients.graceName(session))
    end
    clients.dismissWaitersOf(session.who, session.client)
end
