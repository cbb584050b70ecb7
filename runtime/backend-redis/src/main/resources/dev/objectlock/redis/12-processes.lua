-- Processes, and what is over by itself. Names in the index: x process ask, a request that waits; g process use, work that uses
-- kept holds; h process root, a history.

function processes.endUseOf(name)
    local record = bucket.read('U' .. TAB .. name)
    if record then
        bucket.erase('U' .. TAB .. name)
        index.strike({ 'g' .. TAB .. record.process .. TAB .. name })
        for _, id in ipairs(record.ids) do
            holds.endUse(id)
        end
        line.settle(record.root)
    end
end

-- In one tree, before anybody else is let in: the places in the line, the kept holds that no session has, the scoped holds.
function processes.endInTree(process, root, ids, gone)
    line.dismiss(root, function(ask)
        return ask.process == process
    end, { 'gone' })
    local kept, lost = {}, {}
    for _, id in ipairs(ids) do
        local hold = holds.holdOf(id)
        if not hold.kept then
            lost[#lost + 1] = holds.infoOf(id, hold)
            holds.endHold(id, hold)
        elseif not hold.byClient and hold.renewal ~= 'N' then
            kept[#kept + 1] = id
        else
            -- It stays, with the use that the last beat was, and nobody has to look at it again.
            if hold.renewal == 'A' then
                hold.used = holds.lastUse(hold)
                holds.keepHold(id, hold)
                holds.setDeadline(id, hold)
            end
            index.strike({ 'p' .. TAB .. process .. TAB .. hold.path .. TAB .. id })
        end
    end
    if #lost > 0 then
        bucket.announce('lost', gone.reason, lost)
    end
    holds.endKept(kept, gone.kind, gone.extra)
    line.settle(root)
end

-- Ends everything of a process, as much as one request may; returns whether something is left.
function processes.clearProcess(process, gone)
    local record = bucket.read('P' .. TAB .. process)
    if record then
        bucket.erase('P' .. TAB .. process)
        -- Its last beat was use of what it kept, also for the next of several requests that clear it away.
        bucket.write('B' .. TAB .. process, record.beat)
        bucket.acknowledge(process, math.huge)
        for _, rest in ipairs(index.rests('j' .. TAB .. process .. TAB)) do
            local who, client = string.match(rest, '^([^\t]*)\t(.*)$')
            clients.disconnect(holds.sessionOf(who, client), 'lost', gone.ofClients)
        end
        for _, root in ipairs(index.rests('h' .. TAB .. process .. TAB)) do
            bucket.erase('Y' .. TAB .. root)
            index.strike({ 'h' .. TAB .. process .. TAB .. root })
        end
    end
    local ids = {}
    for _, rest in ipairs(index.rests('p' .. TAB .. process .. TAB, MOST_CLEARED)) do
        local id = string.match(rest, '[^\t]*$')
        ids[#ids + 1] = id
        if not holds.holdOf(id) then
            index.strike({ 'p' .. TAB .. process .. TAB .. rest })
        end
    end
    local roots, grouped = clients.byRoot(ids)
    for _, root in ipairs(roots) do
        processes.endInTree(process, root, grouped[root], gone)
    end
    for _, key in ipairs(index.rests('x' .. TAB .. process .. TAB)) do
        local ask = line.askOf(key)
        -- The one before may have been in the same tree.
        if ask then
            processes.endInTree(process, ask.root, {}, gone)
        end
    end
    for _, name in ipairs(index.rests('g' .. TAB .. process .. TAB)) do
        processes.endUseOf(name)
    end
    local more = #ids == MOST_CLEARED
    if not more then
        bucket.erase('B' .. TAB .. process)
    end
    return more
end

-- Clears away what is over; returns false if there is more of it than one request may clear.
function processes.sweep()
    for _ = 1, MOST_CLEARED do
        local over = redis.call('ZRANGEBYSCORE', DEADLINES, '-inf', bucket.digits(now), 'LIMIT', 0, 1)[1]
        if not over then
            return true
        end
        local kind, name = string.match(over, '^(.)\t(.*)$')
        if kind == 'h' then
            local root = holds.clearIfOver(name)
            if root then
                line.settle(root)
            end
        elseif kind == 'p' then
            if processes.clearProcess(name, DEAD) then
                return false
            end
            redis.call('ZREM', DEADLINES, over)
        elseif kind == 'c' then
            local who, client = string.match(name, '^([^\t]*)\t(.*)$')
            local session = holds.sessionOf(who, client)
            if session then
                clients.endSession(session, 'lost', 'SESSION_ENDED')
            end
            redis.call('ZREM', DEADLINES, over)
        else
            bucket.erase('D' .. TAB .. name)
            redis.call('ZREM', DEADLINES, over)
        end
    end
    return redis.call('ZRANGEBYSCORE', DEADLINES, '-inf', bucket.digits(now), 'LIMIT', 0, 1)[1] == nil
end
