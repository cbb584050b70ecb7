-- Holds as they come and go: granted, taken again, widened, used by running calls, and over.

function holds.copyOf(claim)
    return {
        path = claim.path, mode = claim.mode, tree = claim.tree, access = claim.access, kept = claim.kept,
        renewal = claim.renewal, from = claim.from, to = claim.to, lease = claim.lease, longest = claim.longest,
        slots = claim.slots,
    }
end

function holds.lastUse(hold)
    if hold.renewal ~= 'A' then
        return hold.used
    end
    local process = bucket.read('P' .. TAB .. hold.process)
    return math.max(hold.used, process and process.beat or bucket.read('B' .. TAB .. hold.process) or 0)
end

-- Microseconds until it is over if nothing is done, or nil.
function holds.timeLeft(hold)
    local left
    if hold.lease then
        left = (hold.running or 0) > 0 and hold.lease or math.max(0, hold.lease - (now - holds.lastUse(hold)))
    end
    if hold.longest then
        local longest = math.max(0, hold.longest - (now - hold.since))
        left = left and math.min(left, longest) or longest
    end
    return left
end

function holds.overBecause(hold)
    if hold.longest and now - hold.since >= hold.longest then
        return 'MAX_HOLD_OVER'
    end
    if hold.lease and (hold.running or 0) == 0 and now - holds.lastUse(hold) >= hold.lease then
        return 'LEASE_OVER'
    end
    return nil
end

-- Notes when to look whether it is over. A running call looks after it by itself.
function holds.setDeadline(id, hold)
    local at = hold.longest and hold.since + hold.longest
    if hold.lease and (hold.running or 0) == 0 then
        local leaseOver = holds.lastUse(hold) + hold.lease
        at = at and math.min(at, leaseOver) or leaseOver
    end
    if at then
        redis.call('ZADD', DEADLINES, bucket.digits(at), 'h' .. TAB .. id)
    else
        redis.call('ZREM', DEADLINES, 'h' .. TAB .. id)
    end
end

-- As it is told: the fields of HoldInfo.
function holds.describe(id, claim, owner, fence, since, left)
    return table.concat({
        id, claim.path, claim.mode, claim.tree and 'T' or 'O', claim.access, claim.from or '', claim.to or '',
        claim.kept and '1' or '0', owner.user or '', owner.client, owner.flow, bucket.digits(fence), bucket.digits(since),
        left and bucket.digits(left) or '', bucket.digits(claim.slots or 0),
    }, TAB)
end

function holds.infoOf(id, hold)
    return holds.describe(id, hold, hold, hold.fence, hold.since, holds.timeLeft(hold))
end

-- Changes what the index knows of a hold.
function holds.changeHold(id, hold, change)
    local before = index.namesOf(id, hold)
    change(hold)
    local names, stays = {}, {}
    for _, name in ipairs(index.namesOf(id, hold)) do
        stays[name] = true
        names[#names + 1] = name
    end
    local gone = {}
    for _, name in ipairs(before) do
        if not stays[name] then
            gone[#gone + 1] = name
        end
    end
    index.strike(gone)
    index.enter(names)
    holds.keepHold(id, hold)
    line.lookAgain(bucket.rootOf(hold.path))
end

function holds.used(id, hold)
    if holds.mayRunOut(hold) then
        hold.used = math.max(hold.used, now)
        holds.keepHold(id, hold)
        holds.setDeadline(id, hold)
    end
end

function holds.beginUse(id, hold)
    hold.running = (hold.running or 0) + 1
    holds.keepHold(id, hold)
    holds.setDeadline(id, hold)
end

function holds.endUse(id)
    local hold = holds.holdOf(id)
    if hold then
        hold.running = (hold.running or 1) - 1
        holds.used(id, hold)
    end
end

function holds.endHold(id, hold)
    holds.removeHold(id, hold)
    if hold.token then
        bucket.erase('T' .. TAB .. hold.token)
    end
    for _, keptId in ipairs(hold.uses or {}) do
        holds.endUse(keptId)
    end
end

-- Ends kept holds of one tree; returns what they were. `kind` and `extra` say what is announced. What was not given back is
-- told to its process besides, which must not miss it.
function holds.endKept(ids, kind, extra)
    local ended, losers = {}, {}
    for _, id in ipairs(ids) do
        local hold = holds.holdOf(id)
        if hold then
            ended[#ended + 1] = holds.infoOf(id, hold)
            holds.endHold(id, hold)
            losers[hold.process] = kind ~= 'released' or nil
        end
    end
    if #ended > 0 then
        bucket.announce(kind, extra, ended)
        for process in pairs(losers) do
            bucket.tell(process, 'event' .. TAB .. events[#events])
        end
    end
    return ended
end

-- Ends a hold that a running call relies on, and tells its process; returns what it was, to be announced. `by` is user, client
-- and flow.
function holds.loseScoped(id, hold, reason, by, text)
    local info = holds.infoOf(id, hold)
    holds.endHold(id, hold)
    bucket.tell(hold.process, table.concat({ 'lost', hold.ask, reason, bucket.digits(now), by, text }, TAB))
    return info
end

function holds.clearIfOver(id)
    local hold = holds.holdOf(id)
    local reason = hold and holds.overBecause(hold)
    if not reason then
        if hold then
            holds.setDeadline(id, hold)
        else
            redis.call('ZREM', DEADLINES, 'h' .. TAB .. id)
        end
    elseif hold.kept then
        holds.endKept({ id }, 'expired', reason)
    else
        bucket.announce('expired', reason, { holds.loseScoped(id, hold, reason, TAB .. TAB, '') })
    end
    return hold and bucket.rootOf(hold.path)
end

-- A running call uses a kept hold: until it ends the lease does not run.
function holds.use(call, id, hold)
    call.uses = call.uses or {}
    for _, one in ipairs(call.uses) do
        if one == id then
            return
        end
    end
    call.uses[#call.uses + 1] = id
    holds.beginUse(id, hold)
end

-- A call uses its owner's kept holds on what it covers, or around it.
function holds.markUse(callId, call)
    local function at(prefix)
        for _, id in ipairs(index.rests(prefix)) do
            local hold = holds.holdOf(id)
            if rule.belongsTo(hold, call) and rule.overlaps(hold, call) then
                holds.use(call, id, hold)
            end
        end
    end
    at('u' .. TAB .. call.path .. TAB .. call.who .. TAB)
    for _, object in ipairs(bucket.above(call.path)) do
        at('u' .. TAB .. object .. TAB .. call.who .. TAB)
    end
    if call.tree then
        -- Calls further down may join this one, and the store does not hear of them.
        at('v' .. TAB .. call.path .. TAB .. call.who .. TAB)
    end
    holds.keepHold(callId, call)
end

-- Calls of the owner that are running on what a hold covers, or all around it, now use it.
function holds.markRunning(id, hold)
    if not index.isRenewedByUse(hold) then
        return
    end
    local function at(place, object)
        for _, kind in ipairs({ 's', 't', 'u' }) do
            for _, rest in ipairs(index.rests(place .. TAB .. object .. TAB .. kind .. TAB .. hold.who .. TAB)) do
                local callId = string.match(rest, '[^\t]*$')
                local call = holds.holdOf(callId)
                if rule.overlaps(hold, call) and rule.belongsTo(hold, call) then
                    holds.use(call, id, hold)
                    holds.keepHold(callId, call)
                end
            end
        end
    end
    at('o', hold.path)
    for _, object in ipairs(bucket.above(hold.path)) do
        at('a', object)
    end
    if hold.tree then
        at('b', hold.path)
    end
end

-- One hold on one object that gives at least what either of two gives.
function holds.union(one, other)
    local both = holds.copyOf(one)
    both.tree = one.tree or other.tree
    both.access = rule.includesAccess(one.access, other.access) and one.access or other.access
    return both
end

-- The one that the owner keeps on exactly this, in this mode.
function holds.sameKept(claim, owner)
    if claim.slots then
        return nil
    end
    local whose = TAB .. owner.who .. TAB .. claim.mode .. TAB
    if claim.mode ~= 'U' then
        whose = whose .. owner.client .. TAB .. (claim.mode == 'M' and owner.flow .. TAB or '')
    end
    local found
    for _, kind in ipairs({ 'k', 'm' }) do
        for _, rest in ipairs(index.rests('o' .. TAB .. claim.path .. TAB .. kind .. whose)) do
            local id = string.match(rest, '[^\t]*$')
            local hold = holds.holdOf(id)
            if hold.from == claim.from and hold.to == claim.to then
                found = id
            end
        end
    end
    return found
end

-- What one hold will be that several claims of a request make together.
function holds.withOthersOnSame(claim, claims)
    local together = claim
    for _, other in ipairs(claims) do
        if other.kept
            and other.mode == together.mode
            and not other.slots
            and not together.slots
            and other.path == claim.path
            and other.from == claim.from
            and other.to == claim.to
            and not rule.includes(together, other)
        then
            together = holds.union(together, other)
        end
    end
    return together
end

-- What a claim comes to once it is granted, which may be more than it says; nil if the owner has it already.
function holds.judged(claim, ask)
    if not claim.kept then
        return claim
    end
    local same = holds.sameKept(claim, ask)
    local hold = same and holds.holdOf(same)
    if hold and rule.includes(hold, holds.withOthersOnSame(claim, ask.claims)) then
        return nil
    end
    return holds.withOthersOnSame(hold and holds.union(hold, claim) or claim, ask.claims)
end

function holds.sessionOf(who, client)
    return bucket.read('c' .. TAB .. who .. TAB .. client)
end

function holds.grantScoped(ask, part, fence)
    local id = holds.holdId(ask, part)
    local hold = holds.holdFor(ask, ask.claims[part], fence)
    holds.addHold(id, hold)
    if bucket.treeOf(bucket.rootOf(hold.path)).leased > 0 then
        holds.markUse(id, hold)
    end
    if hold.longest then
        holds.setDeadline(id, hold)
    end
end

function holds.create(ask, part, fence)
    local id = ask.key .. '-k' .. part
    local hold = holds.holdFor(ask, ask.claims[part], fence)
    if hold.mode ~= 'M' then
        hold.flow = ''
    end
    hold.byClient = holds.sessionOf(ask.who, ask.client) and true or nil
    holds.addHold(id, hold)
    line.lookAgain(ask.root)
    if holds.mayRunOut(hold) then
        holds.setDeadline(id, hold)
        holds.markRunning(id, hold)
    end
    return id
end

-- Taken again: the later end of the two leases counts, and nothing else changes but what is more.
function holds.again(id, claim, ask, fence)
    local hold = holds.holdOf(id)
    local longer = hold.lease and (not claim.lease or claim.lease > hold.lease)
    local enough = rule.includes(hold, claim)
    local tree = bucket.treeOf(bucket.rootOf(hold.path))
    local leased = hold.lease and 1 or 0
    holds.changeHold(id, hold, function()
        hold.takenAgain = hold.takenAgain or hold.ask ~= ask.key or nil
        if not enough then
            local both = holds.union(hold, claim)
            hold.tree, hold.access, hold.fence = both.tree, both.access, fence
        end
        if longer then
            hold.lease = claim.lease
        end
        if hold.byClient then
            hold.byClient = holds.sessionOf(ask.who, ask.client) and true or nil
        end
    end)
    tree.leased = tree.leased - leased + (hold.lease and 1 or 0)
    bucket.keepTree(bucket.rootOf(hold.path), tree)
    holds.used(id, hold)
    if holds.mayRunOut(hold) then
        holds.setDeadline(id, hold)
    end
    holds.markRunning(id, hold)
    return not enough
end

-- Since which fence all transactions under a root were of one process.
function holds.grantTransaction(ask, fence)
    local root = bucket.rootOf(ask.claims[1].path)
    local before = bucket.read('Y' .. TAB .. root)
    if before and before.process == ask.process then
        return before.since
    end
    bucket.write('Y' .. TAB .. root, { process = ask.process, since = fence })
    index.enter({ 'h' .. TAB .. ask.process .. TAB .. root })
    if before then
        index.strike({ 'h' .. TAB .. before.process .. TAB .. root })
        bucket.tell(before.process, table.concat({ 'history', root, bucket.digits(fence) }, TAB))
    end
    return fence
end

-- Makes, renews or widens what a request asks for, after it has been judged. Returns fence, ownSince, and for each kept claim
-- whether it was created, and what it is.
function holds.grant(ask)
    local allRenewed = true
    for _, claim in ipairs(ask.claims) do
        local same = claim.kept and holds.sameKept(claim, ask)
        allRenewed = allRenewed and same and rule.includes(holds.holdOf(same), claim)
    end
    local fence = allRenewed and 0 or bucket.nextFence()
    local kept, announced, keptFence = {}, {}, nil
    for part, claim in ipairs(ask.claims) do
        if claim.kept then
            local id = holds.sameKept(claim, ask)
            local created = not id
            local more = created
            if created then
                id = holds.create(ask, part, fence)
            else
                more = holds.again(id, claim, ask, fence)
            end
            local hold = holds.holdOf(id)
            if more then
                announced[#announced + 1] = holds.infoOf(id, hold)
            end
            kept[#kept + 1] = (hold.ask == ask.key and '1' or '0') .. TAB .. holds.infoOf(id, hold)
            keptFence = keptFence or hold.fence
        else
            holds.grantScoped(ask, part, fence)
        end
    end
    if allRenewed then
        fence = keptFence
    end
    if #announced > 0 then
        bucket.announce('acquired', '', announced)
    end
    local ownSince = ask.transaction and holds.grantTransaction(ask, fence) or 0
    return { bucket.digits(fence), bucket.digits(ownSince), unpack(kept) }
end
