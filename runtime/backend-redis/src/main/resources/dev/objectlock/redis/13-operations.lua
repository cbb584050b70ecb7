-- What a process can ask for.
function args.infosOf(ids)
    local infos = {}
    for i, id in ipairs(ids) do
        infos[i] = holds.infoOf(id, holds.holdOf(id))
    end
    return infos
end

function args.optionally(ids)
    return args.infosOf(holds.holdOf(ids) and { ids } or {})
end

function args.filtered(ids, keep)
    local some = {}
    for _, id in ipairs(ids) do
        if keep(holds.holdOf(id)) then
            some[#some + 1] = id
        end
    end
    return some
end

function args.isKeptHold(hold)
    return hold.kept
end

-- What overlaps a subtree that is moved must not be in the way at its new place, nor anybody else's hold there.
function args.inTheWayOfMove(moving, target, mover)
    for _, one in ipairs(moving) do
        local other = search.conflicting(one.hold, one.hold, true) or one.hold.slots and search.slotOn(one.hold.path)
        if other then
            return one.hold.path, other
        end
    end
    local whole = { path = target, mode = 'U', tree = true, access = 'X' }
    local other = search.conflicting(whole, mover, true)
    return target, other
end

function args.moved(path, from, to)
    return to .. string.sub(path, #from + 1)
end

function args.mayMove(from, mover)
    for _, id in ipairs(search.covering(from)) do
        local hold = holds.holdOf(id)
        if rule.belongsTo(hold, mover) and hold.access == 'X' and not hold.slots and not hold.from then
            return true
        end
    end
    return false
end

function operations.undo()
    local key, parts = args.argument(), args.number()
    -- It may still be on its way: then it comes too late.
    bucket.write('D' .. TAB .. key, 1)
    redis.call('ZADD', DEADLINES, bucket.digits(now + 600000000), 'd' .. TAB .. key)
    line.withdraw(key)
    holds.endScoped(key, parts)
    clients.endInTrees(index.rests('q' .. TAB .. key .. TAB), 'released', '')
    return {}
end

function operations.giveBackKept()
    return { clients.endInTrees(args.filtered(args.list(), function(hold) return hold ~= nil end), 'released', '') }
end

function operations.release()
    local path, modes, anyClient, who = args.argument(), args.argument(), args.argument() == '1', args.owner()
    local function isOwn(hold)
        return rule.belongsTo(hold, who) or anyClient and hold.mode == 'C' and rule.sameUser(hold, who)
    end
    local wanted = args.filtered(search.on(path), function(hold)
        return hold.kept and not hold.slots and string.find(modes, hold.mode, 1, true) and isOwn(hold)
    end)
    if #holds.endKept(wanted, 'released', '') > 0 then
        line.settle(bucket.rootOf(path))
        table.insert(wanted, 1, 'RELEASED')
        return wanted
    end
    local covered = false
    for _, id in ipairs(search.covering(path)) do
        local hold = holds.holdOf(id)
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
    local path, modes, who = args.argument(), args.argument(), args.owner()
    return args.infosOf(args.filtered(search.ownKeptOn(path, who), function(hold)
        return not hold.slots and string.find(modes, hold.mode, 1, true)
    end))
end

function operations.inspect()
    return args.optionally(args.argument())
end

function operations.renew()
    local id = args.argument()
    local hold = holds.holdOf(id)
    if hold then
        holds.used(id, hold)
    end
    return args.optionally(id)
end

function args.beginUses(name, root, ids)
    if not bucket.read('P' .. TAB .. PROCESS) then
        -- Nothing would end what a process begins after its own end.
        return 0
    end
    local before = bucket.read('U' .. TAB .. name)
    if before then
        return #before.ids
    end
    if #ids > 0 then
        bucket.write('U' .. TAB .. name, { process = PROCESS, root = root, ids = ids })
        index.enter({ 'g' .. TAB .. PROCESS .. TAB .. name })
        for _, id in ipairs(ids) do
            holds.beginUse(id, holds.holdOf(id))
        end
    end
    return #ids
end

function operations.use()
    local name, id = args.argument(), args.argument()
    local hold = holds.holdOf(id)
    return { hold and index.isRenewedByUse(hold) and args.beginUses(name, bucket.rootOf(hold.path), { id }) or 0 }
end

function operations.endUse()
    processes.endUseOf(args.argument())
    return {}
end

function operations.guard()
    local name, mustBeHeld, who = args.argument(), args.argument() == '1', args.owner()
    local claim = args.claim()
    local other = search.conflicting(claim, who, true)
    if other then
        return { 'inTheWay', 'H', holds.infoOf(other, holds.holdOf(other)) }
    end
    local root = bucket.rootOf(claim.path)
    if not mustBeHeld and bucket.treeOf(root).leased == 0 then
        return { 'passed', 0 }
    end
    local own = search.ownKeptCovering(claim.path, who)
    local enough = args.filtered(own, function(hold)
        return not hold.slots and rule.covers(hold, claim) and rule.includesAccess(hold.access, claim.access)
    end)
    if mustBeHeld and #enough == 0 then
        return { 'notHeld' }
    end
    return { 'passed', args.beginUses(name, root, args.filtered(own, index.isRenewedByUse)) }
end

function operations.check()
    local asked = args.ask()
    local answer = line.otherSlots(asked)
    if answer then
        return answer
    end
    local obstacle = line.obstacleOf(asked)
    return obstacle and line.refused(obstacle, #bucket.treeOf(asked.root).line) or {}
end

function operations.override()
    local path, extra = args.argument(), args.argument()
    local ended = holds.endKept(args.filtered(search.on(path), args.isKeptHold), 'overridden', extra)
    line.settle(bucket.rootOf(path))
    return ended
end

function operations.overrideOne()
    local root, id, extra, by, text = args.argument(), args.argument(), args.argument(), args.argument(), args.argument()
    local hold = holds.holdOf(id)
    if not hold or bucket.rootOf(hold.path) ~= root then
        return {}
    end
    local ended
    if hold.kept then
        ended = holds.endKept({ id }, 'overridden', extra)
    else
        ended = { holds.loseScoped(id, hold, 'OVERRIDDEN', by, text) }
        bucket.announce('overridden', extra, ended)
    end
    line.settle(root)
    return ended
end

function operations.token()
    local id, secret = args.argument(), args.argument()
    local hold = holds.holdOf(id)
    if not hold then
        return {}
    end
    if not hold.token then
        hold.token = secret
        holds.keepHold(id, hold)
        bucket.write('T' .. TAB .. secret, id)
    end
    return { hold.token }
end

function operations.attach()
    local id = bucket.read('T' .. TAB .. args.argument())
    return id and args.optionally(id) or {}
end

function operations.changeScope()
    local path, tree, passes, who = args.argument(), args.argument() == 'T', args.argument() == '1', args.owner()
    local root = bucket.rootOf(path)
    local own = args.filtered(search.ownKeptOn(path, who), function(hold) return hold.mode ~= 'M' end)
    if #own == 0 then
        return { 'notHeld' }
    end
    own = args.filtered(own, function(hold) return (hold.tree or false) ~= tree end)
    for _, id in ipairs(tree and own or {}) do
        local hold = holds.holdOf(id)
        if hold.from then
            return { 'narrowed', holds.infoOf(id, hold) }
        end
        local wider = holds.copyOf(hold)
        wider.tree = true
        local asked = { root = root, passes = passes or nil, claims = { wider },
            user = who.user, client = who.client, flow = who.flow, who = who.who }
        local obstacle = line.obstacleOf(asked)
        if obstacle then
            return { 'inTheWay', path, line.blocker(obstacle) }
        end
    end
    local fence = tree and #own > 0 and bucket.nextFence()
    for _, id in ipairs(own) do
        local hold = holds.holdOf(id)
        holds.changeHold(id, hold, function()
            hold.tree = tree
            hold.fence = fence or hold.fence
        end)
        holds.markRunning(id, hold)
    end
    if #own > 0 then
        bucket.announce('scope', '', args.infosOf(own))
        line.settle(root)
    end
    return { 'done' }
end

function operations.move()
    local from, to, mostBytes, mostSegments, who = args.argument(), args.argument(), args.number(), args.number(), args.owner()
    local root = bucket.rootOf(from)
    if not args.mayMove(from, who) then
        return { 'notHeld' }
    end
    local moving = {}
    for _, id in ipairs(search.under(from)) do
        moving[#moving + 1] = { id = id, hold = holds.holdOf(id) }
    end
    local waiters = line.waitersIn(bucket.treeOf(root))
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
        local new = bucket.isAtOrAbove(from, path) and args.moved(path, from, to) or ''
        -- In this script each % of a path is written with two digits more.
        local _, escapes = string.gsub(new, '%%', '')
        if #new - 2 * escapes > mostBytes or #bucket.above(new) + 1 > mostSegments then
            return { 'tooLong', path }
        end
    end
    for _, one in ipairs(moving) do
        index.strike(index.namesOf(one.id, one.hold))
        one.hold.path = args.moved(one.hold.path, from, to)
    end
    -- What moves is not in the way of itself, so it is looked at as long as none of it is there.
    local path, other = args.inTheWayOfMove(moving, to, who)
    for _, one in ipairs(moving) do
        if other then
            one.hold.path = args.moved(one.hold.path, to, from)
        end
        index.enter(index.namesOf(one.id, one.hold))
        holds.keepHold(one.id, one.hold)
    end
    if other then
        return { 'inTheWay', path, 'H', holds.infoOf(other, holds.holdOf(other)) }
    end
    local kept, asks = {}, {}
    for _, one in ipairs(moving) do
        if one.hold.kept then
            kept[#kept + 1] = one.id
            holds.markRunning(one.id, one.hold)
        else
            asks[one.hold.ask] = one.hold.process
            if bucket.treeOf(root).leased > 0 then
                holds.markUse(one.id, one.hold)
            end
        end
    end
    for _, waiter in ipairs(waiters) do
        for _, claim in ipairs(waiter.claims) do
            if bucket.isAtOrAbove(from, claim.path) then
                claim.path = args.moved(claim.path, from, to)
                asks[waiter.key] = waiter.process
            end
        end
        bucket.write('a' .. TAB .. waiter.key, waiter)
    end
    line.lookAgain(root)
    for key, process in pairs(asks) do
        bucket.tell(process, table.concat({ 'moved', key, from, to }, TAB))
    end
    bucket.announce('moved', from .. TAB .. to, args.infosOf(kept))
    line.settle(root)
    return { 'done' }
end

function operations.remove()
    local path, extra, by, who = args.argument(), args.argument(), args.argument(), args.owner()
    local root = bucket.rootOf(path)
    local ended, kept, losers = {}, {}, {}
    for _, id in ipairs(search.under(path)) do
        local hold = holds.holdOf(id)
        if hold.kept then
            losers[hold.process] = true
            local info = holds.infoOf(id, hold)
            ended[#ended + 1] = info
            kept[#kept + 1] = info
            holds.endHold(id, hold)
        else
            local info = holds.loseScoped(id, hold, 'REMOVED', by, '')
            if not rule.sameFlow(hold, who) then
                ended[#ended + 1] = info
            end
        end
    end
    bucket.announce('removed', path .. TAB .. extra, ended)
    for process in pairs(losers) do
        bucket.tell(process, 'event' .. TAB .. events[#events])
    end
    line.dismiss(root, function(waiter)
        for _, claim in ipairs(waiter.claims) do
            if bucket.isAtOrAbove(path, claim.path) then
                return true
            end
        end
        return false
    end, { 'removed', path, by })
    line.settle(root)
    return kept
end

function operations.waitsFor()
    local place, asked = line.placeOf(args.argument())
    local infos = {}
    for _, claim in ipairs(place and asked.claims or {}) do
        local wanted = holds.judged(claim, asked)
        local near = wanted and search.covering(wanted.path) or {}
        for _, id in ipairs(wanted and wanted.tree and search.under(wanted.path) or {}) do
            near[#near + 1] = id
        end
        for _, id in ipairs(near) do
            local hold = holds.holdOf(id)
            local onlySlot = hold.slots == 1 and wanted.slots == 1
            if not hold.kept and not rule.sameFlow(hold, asked) and (onlySlot or rule.conflict(hold, hold, wanted, asked)) then
                infos[#infos + 1] = holds.infoOf(id, hold)
            end
        end
    end
    return infos
end

function operations.status()
    local path = args.argument()
    local found = args.infosOf(search.covering(path))
    local waiters = {}
    for _, waiter in ipairs(line.waitersIn(bucket.treeOf(bucket.rootOf(path)))) do
        for part, claim in ipairs(waiter.claims) do
            if claim.path == path or claim.tree and bucket.isAtOrAbove(claim.path, path) then
                waiters[#waiters + 1] = line.infoOfWaiter(waiter, part)
                break
            end
        end
    end
    return { found, waiters }
end

-- A page of the holds on an object or below it, and the name in the index after which the next one begins.
function operations.list()
    local path, after, most = args.argument(), args.argument(), args.number()
    local infos = {}
    local function page(prefix)
        local names = redis.call('ZRANGEBYLEX', INDEX, after == '' and '[' .. prefix or '(' .. after,
            '[' .. prefix .. '\255', 'LIMIT', 0, most - #infos)
        for _, name in ipairs(names) do
            local id = string.match(name, '[^\t]*$')
            infos[#infos + 1] = holds.infoOf(id, holds.holdOf(id))
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
    local after, most = args.argument(), args.number()
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
    local path = args.argument()
    local ids = args.filtered(search.under(path), args.isKeptHold)
    for _, object in ipairs(bucket.above(path)) do
        for _, rest in ipairs(index.rests('a' .. TAB .. object .. TAB)) do
            local id = string.match(rest, '[^\t]*$')
            if holds.holdOf(id).kept then
                ids[#ids + 1] = id
            end
        end
    end
    return { bucket.digits(bucket.nextFence()), args.infosOf(ids) }
end

-- A process that is dead and does not know it yet has its clients disconnected again.
function args.connectHere(session, chosen)
    local connection = clients.connect(session, PROCESS, chosen or bucket.nextFence())
    if not bucket.read('P' .. TAB .. PROCESS) then
        clients.disconnect(session, 'lost', 'SESSION_ENDED')
    end
    return connection
end

function args.session()
    local user, client = args.given(args.argument()), args.argument()
    local given = { user = user, client = client, who = user and 'u' .. user or 'f' .. client .. '/' }
    given.secret, given.policy, given.grace = args.argument(), args.argument(), args.number()
    return given, holds.sessionOf(given.who, client)
end

-- With the connection as which it was presented, if it was.
function args.opened(session, chosen, former)
    session.presented = former
    bucket.write('N' .. TAB .. session.client, session.who)
    local connection = args.connectHere(session, chosen)
    clients.dismissWaitersOf(session.who, session.client)
    return connection
end

function args.resumed(session, former)
    clients.tellOver(session)
    return args.opened(session, nil, former)
end

-- With the number that its home has given the connection, where this is not its home.
function operations.open()
    local given, session = args.session()
    local chosen = args.number()
    if not session then
        return args.opened(given, chosen)
    end
    if chosen and session.number > chosen then
        -- It comes late: the client has another connection since.
        return {}
    end
    session.secret, session.policy, session.grace = given.secret, given.policy, given.grace
    return args.opened(session, chosen)
end

function operations.resume()
    local client, secret = args.argument(), args.argument()
    local who = bucket.read('N' .. TAB .. client)
    local session = who and holds.sessionOf(who, client)
    return session and session.secret == secret and args.resumed(session) or {}
end

-- A client of a process that was taken for dead, with the number of its connection then. Answers nothing if it has another since.
function operations.present()
    local given, session = args.session()
    local former = args.number()
    if not session or session.secret ~= given.secret then
        return args.opened(given, nil, former)
    end
    if session.number > former and session.presented ~= former then
        return {}
    end
    -- Presented twice, since the first answer was lost: the process of the first may be dead, too.
    return session.process == PROCESS and args.opened(session, nil, former) or args.resumed(session, former)
end

function args.connectionAsked()
    local user, client, its = args.given(args.argument()), args.argument(), args.number()
    return clients.ofConnection(user and 'u' .. user or 'f' .. client .. '/', client, its)
end

function operations.disconnect()
    local session = args.connectionAsked()
    if session and session.process then
        clients.disconnect(session, 'lost', 'SESSION_ENDED')
    end
    return {}
end

-- Also of a client whose process was dead before the store heard of it.
function operations.logout()
    local session = args.connectionAsked()
    if session then
        clients.endSession(session, 'released', '')
    end
    return {}
end

function operations.endUser()
    local who, extra = 'u' .. args.argument(), args.argument()
    local ids = clients.idsOfUser(who)
    for _, rest in ipairs(index.rests('z' .. TAB .. who .. TAB)) do
        ids[#ids + 1] = string.match(rest, '[^\t]*$')
    end
    for _, session in ipairs(clients.sessionsOf(who)) do
        clients.tellOver(session)
        clients.forgetSession(session)
    end
    clients.dismissWaitersOf(who, nil)
    return { clients.endInTrees(ids, 'overridden', extra) }
end

function operations.forgetHistory()
    local root = args.argument()
    local history = bucket.read('Y' .. TAB .. root)
    if history and history.process == PROCESS then
        bucket.erase('Y' .. TAB .. root)
        index.strike({ 'h' .. TAB .. PROCESS .. TAB .. root })
    end
    return {}
end

-- Everything, but for the fence.
function bucket.beginAnew()
    local fence = bucket.read('fence')
    redis.call('DEL', STATE, INDEX, DEADLINES, LOG)
    known, changed, events, messages, ranges = {}, {}, {}, {}, {}
    if fence then
        bucket.write('fence', fence)
    end
end

function operations.join()
    local timeout, epoch, buckets = args.number(), args.argument(), args.number()
    if not bucket.read('epoch') or bucket.isDamaged() then
        -- The server may have lost a part of it only.
        bucket.beginAnew()
        index.enter({ WHOLE })
        redis.call('ZADD', DEADLINES, '+inf', WHOLE)
        bucket.write('epoch', epoch)
        bucket.write('buckets', buckets)
    elseif bucket.read('buckets') ~= buckets then
        return { 'buckets', bucket.read('buckets') }
    end
    bucket.write('P' .. TAB .. PROCESS, { beat = now, timeout = timeout, last = 0 })
    redis.call('ZADD', DEADLINES, bucket.digits(now + timeout), 'p' .. TAB .. PROCESS)
    return { 'joined', bucket.read('epoch'), bucket.digits(bucket.read('lastEvent') or 0) }
end

function bucket.nextDeadline()
    local first = redis.call('ZRANGE', DEADLINES, 0, 0, 'WITHSCORES')
    return first[1] ~= WHOLE and tonumber(first[2]) or nil
end

-- Whether the process lives, and all that it has not heard yet. With a beat it goes on living.
function operations.hear()
    local isBeat, heard, lastEvent = args.argument() == '1', args.number(), args.number()
    local record = bucket.read('P' .. TAB .. PROCESS)
    if isBeat and record and bucket.isDamaged() then
        bucket.beginAnew()
        record = nil
    end
    local told, missed = {}, {}
    if record then
        bucket.acknowledge(PROCESS, heard)
        if isBeat then
            record.beat = now
            bucket.write('P' .. TAB .. PROCESS, record)
            redis.call('ZADD', DEADLINES, bucket.digits(now + record.timeout), 'p' .. TAB .. PROCESS)
        end
        for _, one in ipairs(bucket.unheard(PROCESS)) do
            told[#told + 1] = bucket.read('m' .. TAB .. PROCESS .. TAB .. bucket.digits(one))
        end
    end
    local gap = '0'
    local newest = bucket.read('lastEvent') or 0
    if newest < lastEvent then
        -- This server has forgotten what it told last.
        gap = '1'
    elseif newest ~= lastEvent then
        -- From the newest back to the one that follows the last that was heard.
        local from = -1
        local event = redis.call('LINDEX', LOG, from)
        gap = event and '0' or '1'
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
    local next = bucket.nextDeadline()
    return {
        record and '1' or '0', bucket.read('epoch') or '', gap, told, missed, bucket.digits(now),
        next and bucket.digits(math.max(0, next - now)) or '', bucket.digits(newest),
    }
end

-- Compares what a process believes to have with what is here: after a failover, or a restart that cost the last second, they may
-- differ. Arguments: how many requests it knows, their names, the ids of its holds. Returns the ids that are not there, the
-- requests of scoped holds here that it does not know, and those that it knows and that are not in the line.
function operations.compare()
    local count = args.number()
    local asks, missing, unknown, notWaiting = {}, {}, {}, {}
    for i, name in ipairs(args.list()) do
        if i <= count then
            asks[name] = true
            if not line.askOf(name) then
                notWaiting[#notWaiting + 1] = name
            end
        elseif not holds.holdOf(name) then
            missing[#missing + 1] = name
        end
    end
    for _, rest in ipairs(index.rests('p' .. TAB .. PROCESS .. TAB)) do
        local hold = holds.holdOf(string.match(rest, '[^\t]*$'))
        if hold and not hold.kept and not asks[hold.ask] then
            unknown[#unknown + 1] = hold.ask
        end
    end
    return { missing, unknown, notWaiting }
end

function operations.leave()
    local more = processes.clearProcess(PROCESS, args.argument() == 'dead' and DEAD or CLOSED)
    if not more then
        redis.call('ZREM', DEADLINES, 'p' .. TAB .. PROCESS)
    end
    return { more and 'more' or '' }
end

-- For tests: when something is over by itself.
function operations.nextDeadline()
    local next = bucket.nextDeadline()
    return { next and bucket.digits(next) or '' }
end

end
