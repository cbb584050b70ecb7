-- Processes, and what is over by itself. Names in the index: x process ask, a request that waits; g process use, work that uses
-- kept holds; h process root, a history.

local function endUseOf(name)
    local record = read('U' .. TAB .. name)
    if record then
        erase('U' .. TAB .. name)
        strike({ 'g' .. TAB .. record.process .. TAB .. name })
        for _, id in ipairs(record.ids) do
            endUse(id)
        end
        settle(record.root)
    end
end

-- In one tree, before anybody else is let in: the places in the line, the kept holds that no session has, the scoped holds.
local function endInTree(process, root, ids, gone)
    dismiss(root, function(ask)
        return ask.process == process
    end, { 'gone' })
    local kept, lost = {}, {}
    for _, id in ipairs(ids) do
        local hold = holdOf(id)
        if not hold.kept then
            lost[#lost + 1] = infoOf(id, hold)
            endHold(id, hold)
        elseif not hold.byClient and hold.renewal ~= 'N' then
            kept[#kept + 1] = id
        else
            -- It stays, and nobody has to look at it again.
            strike({ 'p' .. TAB .. process .. TAB .. hold.path .. TAB .. id })
        end
    end
    if #lost > 0 then
        announce('lost', gone.reason, lost)
    end
    endKept(kept, gone.kind, gone.extra)
    settle(root)
end

-- Ends everything of a process, as much as one request may; returns whether something is left.
local function clearProcess(process, gone)
    local record = read('P' .. TAB .. process)
    if record then
        erase('P' .. TAB .. process)
        for number = record.first, record.last do
            erase('m' .. TAB .. process .. TAB .. digits(number))
        end
        for _, rest in ipairs(rests('j' .. TAB .. process .. TAB)) do
            local who, client = string.match(rest, '^([^\t]*)\t(.*)$')
            disconnect(sessionOf(who, client), 'lost', gone.ofClients)
        end
        for _, root in ipairs(rests('h' .. TAB .. process .. TAB)) do
            erase('Y' .. TAB .. root)
            strike({ 'h' .. TAB .. process .. TAB .. root })
        end
    end
    local ids = {}
    for _, rest in ipairs(rests('p' .. TAB .. process .. TAB, MOST_CLEARED)) do
        ids[#ids + 1] = string.match(rest, '[^\t]*$')
    end
    local roots, grouped = byRoot(ids)
    for _, root in ipairs(roots) do
        endInTree(process, root, grouped[root], gone)
    end
    for _, key in ipairs(rests('x' .. TAB .. process .. TAB)) do
        endInTree(process, askOf(key).root, {}, gone)
    end
    for _, name in ipairs(rests('g' .. TAB .. process .. TAB)) do
        endUseOf(name)
    end
    return #ids == MOST_CLEARED
end

local DEAD = { reason = 'PROCESS_DEAD', ofClients = 'PROCESS_DEAD', kind = 'lost', extra = 'PROCESS_DEAD' }
local CLOSED = { reason = 'CLOSED', ofClients = 'SESSION_ENDED', kind = 'released', extra = '' }

-- Clears away what is over; returns false if there is more of it than one request may clear.
local function sweep()
    for _ = 1, MOST_CLEARED do
        local over = redis.call('ZRANGEBYSCORE', DEADLINES, '-inf', digits(now), 'LIMIT', 0, 1)[1]
        if not over then
            return true
        end
        local kind, name = string.match(over, '^(.)\t(.*)$')
        if kind == 'h' then
            local root = clearIfOver(name)
            if root then
                settle(root)
            end
        elseif kind == 'p' then
            if clearProcess(name, DEAD) then
                return false
            end
            redis.call('ZREM', DEADLINES, over)
        elseif kind == 'c' then
            local who, client = string.match(name, '^([^\t]*)\t(.*)$')
            local session = sessionOf(who, client)
            if session then
                endSession(session, 'lost', 'SESSION_ENDED')
            end
            redis.call('ZREM', DEADLINES, over)
        else
            erase('D' .. TAB .. name)
            redis.call('ZREM', DEADLINES, over)
        end
    end
    return redis.call('ZRANGEBYSCORE', DEADLINES, '-inf', digits(now), 'LIMIT', 0, 1)[1] == nil
end
