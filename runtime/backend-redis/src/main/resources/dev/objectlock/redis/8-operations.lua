-- What a process can ask for. Arguments from the fifth on.
local at = 4
local function argument()
    at = at + 1
    return ARGV[at]
end

local function number()
    return tonumber(argument())
end

local function given(text)
    return text ~= '' and text or nil
end

local function owner()
    local user, client, flow = given(argument()), argument(), argument()
    local who = user and 'u' .. user or 'f' .. client .. '/' .. flow
    return { user = user, client = client, flow = flow, who = who }
end

local function claims()
    local list = {}
    for part = 1, number() do
        local claim = { path = argument(), mode = argument(), tree = argument() == 'T', access = argument() }
        claim.kept = argument() == '1'
        claim.from, claim.to = given(argument()), given(argument())
        claim.lease, claim.longest, claim.renewal = number(), number(), argument()
        claim.slots = number()
        list[part] = claim
    end
    return list
end

-- The rest of the arguments.
local function list()
    local names = {}
    for i = at + 1, #ARGV do
        names[#names + 1] = ARGV[i]
    end
    return names
end

local function ask()
    local key, patience, passes, transaction = argument(), argument(), argument(), argument()
    local asked = owner()
    asked.key, asked.process = key, PROCESS
    asked.forAnything = patience == 'A' or nil
    asked.passes = passes == '1' or nil
    asked.transaction = transaction == '1' or nil
    asked.claims = claims()
    asked.root = rootOf(asked.claims[1].path)
    return asked, patience ~= 'N'
end

local function infosOf(ids)
    local infos = {}
    for i, id in ipairs(ids) do
        infos[i] = infoOf(id, holdOf(id))
    end
    return infos
end

local function optionally(ids)
    return infosOf(holdOf(ids) and { ids } or {})
end

local function filtered(ids, keep)
    local some = {}
    for _, id in ipairs(ids) do
        if keep(holdOf(id)) then
            some[#some + 1] = id
        end
    end
    return some
end

local function isKeptHold(hold)
    return hold.kept
end

-- A request that is sent again, because its answer was lost.
local function answeredBefore(asked)
    local place, waiting = placeOf(asked.key)
    if place then
        local answer = refusedAt(place, waiting)
        answer[1] = 'queued'
        return answer
    end
    for part, claim in ipairs(asked.claims) do
        local hold = not claim.kept and holdOf(holdId(asked, part))
        if hold then
            local kept = {}
            for other, its in ipairs(asked.claims) do
                local id = its.kept and (sameKept(its, asked) or asked.key .. '-k' .. other)
                local there = id and holdOf(id)
                if there then
                    local created = there.ask == asked.key and '1' or '0'
                    kept[#kept + 1] = table.concat({ id, there.path, digits(there.fence), created }, TAB)
                end
            end
            local history = asked.transaction and read('Y' .. TAB .. asked.root)
            return { 'granted', digits(hold.fence), digits(history and history.since or 0), unpack(kept) }
        end
    end
    return nil
end

local function askFor(asked, waits)
    if read('D' .. TAB .. asked.key) then
        return { 'undone' }
    end
    local answer = answeredBefore(asked) or otherSlots(asked)
    if answer then
        return answer
    end
    local obstacle = obstacleOf(asked)
    if not obstacle then
        local granted = { 'granted', unpack(grant(asked)) }
        settle(asked.root)
        return granted
    end
    if not waits or not asked.forAnything and isKept(obstacle) then
        return refused(obstacle, #treeOf(asked.root).line)
    end
    return join(asked, obstacle)
end

local function endScoped(key, parts)
    local root
    for part = 1, parts do
        local id = holdId({ key = key }, part)
        local hold = holdOf(id)
        if hold then
            root = rootOf(hold.path)
            endHold(id, hold)
        end
    end
    if root then
        settle(root)
    end
end

-- What overlaps a subtree that is moved must not be in the way at its new place, nor anybody else's hold there.
local function inTheWayOfMove(moving, target, mover)
    for _, one in ipairs(moving) do
        local other = conflicting(one.hold, one.hold) or one.hold.slots and slotOn(one.hold.path)
        if other then
            return one.hold.path, other
        end
    end
    local whole = { path = target, mode = 'U', tree = true, access = 'X' }
    local other = conflicting(whole, mover)
    return target, other
end

local function moved(path, from, to)
    return to .. string.sub(path, #from + 1)
end

local function mayMove(from, mover)
    for _, id in ipairs(covering(from)) do
        local hold = holdOf(id)
        if belongsTo(hold, mover) and hold.access == 'X' and not hold.slots and not hold.from then
            return true
        end
    end
    return false
end

local operations = {}

function operations.ask()
    return askFor(ask())
end

function operations.giveBack()
    endScoped(argument(), number())
    return {}
end

function operations.withdraw()
    return withdraw(argument()) or {}
end

function operations.undo()
    local key, parts = argument(), number()
    -- It may still be on its way: then it comes too late.
    write('D' .. TAB .. key, 1)
    redis.call('ZADD', DEADLINES, digits(now + 600000000), 'd' .. TAB .. key)
    withdraw(key)
    endScoped(key, parts)
    endInTrees(rests('q' .. TAB .. key .. TAB), 'released', '')
    return {}
end

function operations.giveBackKept()
    return { endInTrees(filtered(list(), function(hold) return hold ~= nil end), 'released', '') }
end

function operations.release()
    local path, modes, anyClient, who = argument(), argument(), argument() == '1', owner()
    local function isOwn(hold)
        return belongsTo(hold, who) or anyClient and hold.kept and hold.mode == 'C' and sameUser(hold, who)
    end
    local wanted = filtered(on(path), function(hold)
        return hold.kept and not hold.slots and string.find(modes, hold.mode, 1, true) and isOwn(hold)
    end)
    if #endKept(wanted, 'released', '') > 0 then
        settle(rootOf(path))
        return { 'RELEASED' }
    end
    local covered = false
    for _, id in ipairs(covering(path)) do
        local hold = holdOf(id)
        if not hold.slots then
            if not isOwn(hold) then
                return { 'NOT_YOURS' }
            end
            covered = covered or hold.kept and hold.path ~= path
        end
    end
    return { covered and 'COVERED_BY' or 'NOT_HELD' }
end

function operations.find()
    local path, modes, who = argument(), argument(), owner()
    return infosOf(filtered(ownKeptOn(path, who), function(hold)
        return not hold.slots and string.find(modes, hold.mode, 1, true)
    end))
end

function operations.inspect()
    return optionally(argument())
end

function operations.renew()
    local id = argument()
    local hold = holdOf(id)
    if hold then
        used(id, hold)
    end
    return optionally(id)
end

local function beginUses(name, root, ids)
    if not read('P' .. TAB .. PROCESS) then
        -- Nothing would end what a process begins after its own end.
        return 0
    end
    if #ids > 0 then
        write('U' .. TAB .. name, { process = PROCESS, root = root, ids = ids })
        enter({ 'g' .. TAB .. PROCESS .. TAB .. name })
        for _, id in ipairs(ids) do
            beginUse(id, holdOf(id))
        end
    end
    return #ids
end

function operations.use()
    local name, id = argument(), argument()
    local hold = holdOf(id)
    return { hold and isRenewedByUse(hold) and beginUses(name, rootOf(hold.path), { id }) or 0 }
end

function operations.endUse()
    endUseOf(argument())
    return {}
end

function operations.guard()
    local name, mustBeHeld, who = argument(), argument() == '1', owner()
    local claim = claims()[1]
    local other = conflicting(claim, who)
    if other then
        return { 'inTheWay', 'H', infoOf(other, holdOf(other)) }
    end
    local root = rootOf(claim.path)
    if not mustBeHeld and treeOf(root).leased == 0 then
        return { 'passed', 0 }
    end
    local own = ownKeptCovering(claim.path, who)
    local enough = filtered(own, function(hold)
        return not hold.slots and covers(hold, claim) and includesAccess(hold.access, claim.access)
    end)
    if mustBeHeld and #enough == 0 then
        return { 'notHeld' }
    end
    return { 'passed', beginUses(name, root, filtered(own, isRenewedByUse)) }
end

function operations.check()
    local asked = ask()
    local answer = otherSlots(asked)
    if answer then
        return answer
    end
    local obstacle = obstacleOf(asked)
    return obstacle and refused(obstacle, #treeOf(asked.root).line) or {}
end

function operations.override()
    local path, extra = argument(), argument()
    local ended = endKept(filtered(on(path), isKeptHold), 'overridden', extra)
    settle(rootOf(path))
    return ended
end

function operations.overrideOne()
    local root, id, extra, by, text = argument(), argument(), argument(), argument(), argument()
    local hold = holdOf(id)
    if not hold or rootOf(hold.path) ~= root then
        return {}
    end
    local ended
    if hold.kept then
        ended = endKept({ id }, 'overridden', extra)
    else
        ended = { loseScoped(id, hold, 'OVERRIDDEN', by, text) }
        announce('overridden', extra, ended)
    end
    settle(root)
    return ended
end

function operations.token()
    local id, secret = argument(), argument()
    local hold = holdOf(id)
    if not hold then
        return {}
    end
    if not hold.token then
        hold.token = secret
        keepHold(id, hold)
        write('T' .. TAB .. secret, id)
    end
    return { hold.token }
end

function operations.attach()
    local id = read('T' .. TAB .. argument())
    return id and optionally(id) or {}
end

function operations.changeScope()
    local path, tree, passes, who = argument(), argument() == 'T', argument() == '1', owner()
    local root = rootOf(path)
    local own = filtered(ownKeptOn(path, who), function(hold) return hold.mode ~= 'M' end)
    if #own == 0 then
        return { 'notHeld' }
    end
    own = filtered(own, function(hold) return (hold.tree or false) ~= tree end)
    for _, id in ipairs(tree and own or {}) do
        local hold = holdOf(id)
        if hold.from then
            return { 'narrowed', infoOf(id, hold) }
        end
        local wider = copyOf(hold)
        wider.tree = true
        local asked = { root = root, passes = passes or nil, claims = { wider },
            user = who.user, client = who.client, flow = who.flow, who = who.who }
        local obstacle = obstacleOf(asked)
        if obstacle then
            return { 'inTheWay', path, blocker(obstacle) }
        end
    end
    local fence = tree and #own > 0 and nextFence()
    for _, id in ipairs(own) do
        local hold = holdOf(id)
        changeHold(id, hold, function()
            hold.tree = tree
            hold.fence = fence or hold.fence
        end)
        markRunning(id, hold)
    end
    if #own > 0 then
        announce('scope', '', infosOf(own))
        settle(root)
    end
    return { 'done' }
end

function operations.move()
    local from, to, mostBytes, mostSegments, who = argument(), argument(), number(), number(), owner()
    local root = rootOf(from)
    if not mayMove(from, who) then
        return { 'notHeld' }
    end
    local moving = {}
    for _, id in ipairs(under(from)) do
        moving[#moving + 1] = { id = id, hold = holdOf(id) }
    end
    local waiters = waitersIn(treeOf(root))
    -- Before anything is changed: a path may become too long.
    local paths = {}
    for _, one in ipairs(moving) do
        paths[#paths + 1] = one.hold.path
    end
    for _, waiter in ipairs(waiters) do
        for _, claim in ipairs(waiter.claims) do
            paths[#paths + 1] = claim.path
        end
    end
    for _, path in ipairs(paths) do
        local new = isAtOrAbove(from, path) and moved(path, from, to) or ''
        if #new > mostBytes or #above(new) + 1 > mostSegments then
            return { 'tooLong', path }
        end
    end
    for _, one in ipairs(moving) do
        strike(namesOf(one.id, one.hold))
        one.hold.path = moved(one.hold.path, from, to)
    end
    -- What moves is not in the way of itself, so it is looked at as long as none of it is there.
    local path, other = inTheWayOfMove(moving, to, who)
    for _, one in ipairs(moving) do
        if other then
            one.hold.path = moved(one.hold.path, to, from)
        end
        enter(namesOf(one.id, one.hold))
        keepHold(one.id, one.hold)
    end
    if other then
        return { 'inTheWay', path, 'H', infoOf(other, holdOf(other)) }
    end
    local kept, asks = {}, {}
    for _, one in ipairs(moving) do
        if one.hold.kept then
            kept[#kept + 1] = one.id
            markRunning(one.id, one.hold)
        else
            asks[one.hold.ask] = one.hold.process
            if treeOf(root).leased > 0 then
                markUse(one.id, one.hold)
            end
        end
    end
    for _, waiter in ipairs(waiters) do
        for _, claim in ipairs(waiter.claims) do
            if isAtOrAbove(from, claim.path) then
                claim.path = moved(claim.path, from, to)
                asks[waiter.key] = waiter.process
            end
        end
        write('a' .. TAB .. waiter.key, waiter)
    end
    for key, process in pairs(asks) do
        tell(process, table.concat({ 'moved', key, from, to }, TAB))
    end
    announce('moved', from .. TAB .. to, infosOf(kept))
    settle(root)
    return { 'done' }
end

function operations.remove()
    local path, extra, by, who = argument(), argument(), argument(), owner()
    local root = rootOf(path)
    local ended, kept = {}, {}
    for _, id in ipairs(under(path)) do
        local hold = holdOf(id)
        if hold.kept then
            local info = infoOf(id, hold)
            ended[#ended + 1] = info
            kept[#kept + 1] = info
            endHold(id, hold)
        else
            local info = loseScoped(id, hold, 'REMOVED', by, '')
            if not sameFlow(hold, who) then
                ended[#ended + 1] = info
            end
        end
    end
    announce('removed', path .. TAB .. extra, ended)
    dismiss(root, function(waiter)
        for _, claim in ipairs(waiter.claims) do
            if isAtOrAbove(path, claim.path) then
                return true
            end
        end
        return false
    end, { 'removed', path, by })
    settle(root)
    return kept
end

function operations.waitsFor()
    local place, asked = placeOf(argument())
    local infos = {}
    for _, claim in ipairs(place and asked.claims or {}) do
        local wanted = judged(claim, asked)
        local near = wanted and covering(wanted.path) or {}
        for _, id in ipairs(wanted and wanted.tree and under(wanted.path) or {}) do
            near[#near + 1] = id
        end
        for _, id in ipairs(near) do
            local hold = holdOf(id)
            local onlySlot = hold.slots == 1 and wanted.slots == 1
            if not hold.kept and not sameFlow(hold, asked) and (onlySlot or conflict(hold, hold, wanted, asked)) then
                infos[#infos + 1] = infoOf(id, hold)
            end
        end
    end
    return infos
end

function operations.status()
    local path = argument()
    local holds = infosOf(covering(path))
    local waiters = {}
    for _, waiter in ipairs(waitersIn(treeOf(rootOf(path)))) do
        for part, claim in ipairs(waiter.claims) do
            if claim.path == path or claim.tree and isAtOrAbove(claim.path, path) then
                waiters[#waiters + 1] = infoOfWaiter(waiter, part)
                break
            end
        end
    end
    return { holds, waiters }
end

-- A page of the holds on an object or below it, and the name in the index after which the next one begins.
function operations.list()
    local path, after, most = argument(), argument(), number()
    local infos = {}
    local function page(prefix)
        local names = redis.call('ZRANGEBYLEX', INDEX, after == '' and '[' .. prefix or '(' .. after,
            '[' .. prefix .. '\255', 'LIMIT', 0, most - #infos)
        for _, name in ipairs(names) do
            local id = string.match(name, '[^\t]*$')
            infos[#infos + 1] = infoOf(id, holdOf(id))
            after = name
        end
    end
    local own = 'o' .. TAB .. path .. TAB
    local below = 'o' .. TAB .. path .. '/'
    if string.sub(after, 1, #below) ~= below then
        page(own)
        after = #infos < most and '' or after
    end
    if #infos < most then
        page(below)
    end
    return { #infos < most and '' or after, infos }
end

function operations.roots()
    local after, most = argument(), number()
    local roots, seen = {}, {}
    local from = after == '' and '[o' .. TAB or '(' .. after
    while #roots < most do
        local name = redis.call('ZRANGEBYLEX', INDEX, from, '[o' .. TAB .. '\255', 'LIMIT', 0, 1)[1]
        if not name then
            return { '', roots }
        end
        local root = string.match(name, '^o\t([^\t/]*)')
        if not seen[root] then
            seen[root] = true
            roots[#roots + 1] = root
        end
        -- Past all that is on this object, and past all that is below it.
        local below = string.sub(name, #root + 3, #root + 3) == '/'
        after = 'o' .. TAB .. root .. (below and '/' or TAB) .. '\255'
        from = '(' .. after
    end
    return { after, roots }
end

function operations.watch()
    local path = argument()
    local ids = filtered(under(path), isKeptHold)
    for _, object in ipairs(above(path)) do
        for _, rest in ipairs(rests('a' .. TAB .. object .. TAB)) do
            local id = string.match(rest, '[^\t]*$')
            if holdOf(id).kept then
                ids[#ids + 1] = id
            end
        end
    end
    return { digits(nextFence()), infosOf(ids) }
end

-- A process that is dead and does not know it yet has its clients disconnected again.
local function connectHere(session, chosen)
    local connection = connect(session, PROCESS, chosen or nextFence())
    if not read('P' .. TAB .. PROCESS) then
        disconnect(session, 'lost', 'SESSION_ENDED')
    end
    return connection
end

function operations.open()
    local user, client, secret, policy, grace, chosen = given(argument()), argument(), argument(), argument(), number(), number()
    local who = user and 'u' .. user or 'f' .. client .. '/'
    local session = sessionOf(who, client)
        or { user = user, client = client, who = who }
    session.secret, session.policy, session.grace = secret, policy, grace
    write('N' .. TAB .. client, who)
    return connectHere(session, chosen)
end

function operations.resume()
    local client, secret, chosen = argument(), argument(), number()
    local who = read('N' .. TAB .. client)
    local session = who and sessionOf(who, client)
    if not session or session.secret ~= secret or chosen and session.number > chosen then
        return {}
    end
    tellOver(session)
    local connection = connectHere(session, chosen)
    dismissWaitersOf(who, client)
    return connection
end

local function connectionAsked()
    local user, client, its = given(argument()), argument(), number()
    return connected(user and 'u' .. user or 'f' .. client .. '/', client, its)
end

function operations.disconnect()
    local session = connectionAsked()
    if session then
        disconnect(session, 'lost', 'SESSION_ENDED')
    end
    return {}
end

function operations.logout()
    local session = connectionAsked()
    if session then
        endSession(session, 'released', '')
    end
    return {}
end

function operations.endUser()
    local who, extra = 'u' .. argument(), argument()
    local ids = idsOfUser(who)
    for _, rest in ipairs(rests('z' .. TAB .. who .. TAB)) do
        ids[#ids + 1] = string.match(rest, '[^\t]*$')
    end
    for _, session in ipairs(sessionsOf(who)) do
        tellOver(session)
        forgetSession(session)
    end
    dismissWaitersOf(who, nil)
    return { endInTrees(ids, 'overridden', extra) }
end

function operations.forgetHistory()
    local root = argument()
    local history = read('Y' .. TAB .. root)
    if history and history.process == PROCESS then
        erase('Y' .. TAB .. root)
        strike({ 'h' .. TAB .. PROCESS .. TAB .. root })
    end
    return {}
end

function operations.join()
    local timeout, epoch, buckets = number(), argument(), number()
    if not read('epoch') then
        write('epoch', epoch)
        write('buckets', buckets)
    elseif read('buckets') ~= buckets then
        return { 'buckets', read('buckets') }
    end
    write('P' .. TAB .. PROCESS, { beat = now, timeout = timeout, first = 1, last = 0 })
    redis.call('ZADD', DEADLINES, digits(now + timeout), 'p' .. TAB .. PROCESS)
    return { 'joined', read('epoch'), digits(read('lastEvent') or 0) }
end

-- Whether the process lives, and all that it has not heard yet. With a beat it goes on living.
function operations.hear()
    local isBeat, heard, lastEvent = argument() == '1', number(), number()
    local record = read('P' .. TAB .. PROCESS)
    local told, missed = {}, {}
    if record then
        acknowledge(PROCESS, heard)
        if isBeat then
            record.beat = now
            write('P' .. TAB .. PROCESS, record)
            redis.call('ZADD', DEADLINES, digits(now + record.timeout), 'p' .. TAB .. PROCESS)
        end
        for one = record.first, record.last do
            told[#told + 1] = read('m' .. TAB .. PROCESS .. TAB .. digits(one))
        end
    end
    local gap = '0'
    if (read('lastEvent') or 0) ~= lastEvent then
        -- From the newest back to the one that follows the last that was heard.
        local from = -1
        local event = redis.call('LINDEX', LOG, from)
        while event do
            local before, number_ = string.match(event, '^(%d+)\t(%d+)')
            if tonumber(number_) <= lastEvent then
                break
            end
            table.insert(missed, 1, event)
            if tonumber(before) <= lastEvent then
                break
            end
            from = from - 1
            event = redis.call('LINDEX', LOG, from)
            gap = event and '0' or '1'
        end
    end
    -- What this very request has announced.
    for _, event in ipairs(events) do
        missed[#missed + 1] = event
    end
    return { record and '1' or '0', read('epoch') or '', gap, told, missed, digits(now) }
end

function operations.leave()
    local more = clearProcess(PROCESS, CLOSED)
    if not more then
        redis.call('ZREM', DEADLINES, 'p' .. TAB .. PROCESS)
    end
    return { more and 'more' or '' }
end

-- For tests: when something is over by itself.
function operations.nextDeadline()
    local next = redis.call('ZRANGE', DEADLINES, 0, 0, 'WITHSCORES')
    return { next[2] and digits(tonumber(next[2])) or '' }
end

local answer
if OPERATION ~= 'leave' and OPERATION ~= 'nextDeadline' and not sweep() then
    answer = { 'MORE' }
elseif OPERATION == 'ask' and not read('P' .. TAB .. PROCESS) then
    answer = { 'GONE' }
else
    if ACKNOWLEDGED ~= '' then
        acknowledge(PROCESS, tonumber(ACKNOWLEDGED))
    end
    answer = operations[OPERATION]()
end
finish()
return answer
