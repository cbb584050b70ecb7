-- Holds as they come and go: granted, taken again, widened, used by running calls, and over.
local function holdOf(id)
    return read('h' .. TAB .. id)
end

local function keepHold(id, hold)
    write('h' .. TAB .. id, hold)
end

local function lastUse(hold)
    local process = hold.renewal == 'A' and read('P' .. TAB .. hold.process)
    return process and math.max(hold.used, process.beat) or hold.used
end

-- Microseconds until it is over if nothing is done, or nil.
local function timeLeft(hold)
    local left
    if hold.lease then
        left = (hold.running or 0) > 0 and hold.lease or math.max(0, hold.lease - (now - lastUse(hold)))
    end
    if hold.longest then
        local longest = math.max(0, hold.longest - (now - hold.since))
        left = left and math.min(left, longest) or longest
    end
    return left
end

local function overBecause(hold)
    if hold.longest and now - hold.since >= hold.longest then
        return 'MAX_HOLD_OVER'
    end
    if hold.lease and (hold.running or 0) == 0 and now - lastUse(hold) >= hold.lease then
        return 'LEASE_OVER'
    end
    return nil
end

-- Notes when to look whether it is over. A running call looks after it by itself.
local function setDeadline(id, hold)
    local at = hold.longest and hold.since + hold.longest
    if hold.lease and (hold.running or 0) == 0 then
        local leaseOver = lastUse(hold) + hold.lease
        at = at and math.min(at, leaseOver) or leaseOver
    end
    if at then
        redis.call('ZADD', DEADLINES, digits(at), 'h' .. TAB .. id)
    else
        redis.call('ZREM', DEADLINES, 'h' .. TAB .. id)
    end
end

local function mayRunOut(hold)
    return hold.lease or hold.longest
end

-- As it is told: the fields of HoldInfo.
local function describe(id, claim, owner, fence, since, left)
    return table.concat({
        id, claim.path, claim.mode, claim.tree and 'T' or 'O', claim.access, claim.from or '', claim.to or '',
        claim.kept and '1' or '0', owner.user or '', owner.client, owner.flow, digits(fence), digits(since),
        left and digits(left) or '', digits(claim.slots or 0),
    }, TAB)
end

local function infoOf(id, hold)
    return describe(id, hold, hold, hold.fence, hold.since, timeLeft(hold))
end

local function addHold(id, hold)
    enter(namesOf(id, hold))
    keepHold(id, hold)
    local root = rootOf(hold.path)
    local tree = treeOf(root)
    tree.holds = tree.holds + 1
    tree.leased = tree.leased + (hold.kept and hold.lease and 1 or 0)
    keepTree(root, tree)
end

-- Changes what the index knows of a hold.
local function changeHold(id, hold, change)
    local before = namesOf(id, hold)
    change(hold)
    local names, stays = {}, {}
    for _, name in ipairs(namesOf(id, hold)) do
        stays[name] = true
        names[#names + 1] = name
    end
    local gone = {}
    for _, name in ipairs(before) do
        if not stays[name] then
            gone[#gone + 1] = name
        end
    end
    strike(gone)
    enter(names)
    keepHold(id, hold)
end

local function used(id, hold)
    if mayRunOut(hold) then
        hold.used = math.max(hold.used, now)
        keepHold(id, hold)
        setDeadline(id, hold)
    end
end

local function beginUse(id, hold)
    hold.running = (hold.running or 0) + 1
    keepHold(id, hold)
    setDeadline(id, hold)
end

local function endUse(id)
    local hold = holdOf(id)
    if hold then
        hold.running = hold.running - 1
        used(id, hold)
    end
end

local function removeHold(id, hold)
    strike(namesOf(id, hold))
    erase('h' .. TAB .. id)
    if mayRunOut(hold) then
        redis.call('ZREM', DEADLINES, 'h' .. TAB .. id)
    end
    local root = rootOf(hold.path)
    local tree = treeOf(root)
    tree.holds = tree.holds - 1
    tree.leased = tree.leased - (hold.kept and hold.lease and 1 or 0)
    keepTree(root, tree)
end

local function endHold(id, hold)
    removeHold(id, hold)
    if hold.token then
        erase('T' .. TAB .. hold.token)
    end
    for _, keptId in ipairs(hold.uses or {}) do
        endUse(keptId)
    end
end

-- Ends kept holds of one tree; returns what they were. `kind` and `extra` say what is announced. What was not given back is
-- told to its process besides, which must not miss it.
local function endKept(ids, kind, extra)
    local ended, losers = {}, {}
    for _, id in ipairs(ids) do
        local hold = holdOf(id)
        if hold then
            ended[#ended + 1] = infoOf(id, hold)
            endHold(id, hold)
            losers[hold.process] = kind ~= 'released' or nil
        end
    end
    if #ended > 0 then
        announce(kind, extra, ended)
        for process in pairs(losers) do
            tell(process, 'event' .. TAB .. events[#events])
        end
    end
    return ended
end

-- Ends a hold that a running call relies on, and tells its process; returns what it was, to be announced. `by` is user, client
-- and flow.
local function loseScoped(id, hold, reason, by, text)
    local info = infoOf(id, hold)
    endHold(id, hold)
    tell(hold.process, table.concat({ 'lost', hold.ask, reason, digits(now), by, text }, TAB))
    return info
end

local function clearIfOver(id)
    local hold = holdOf(id)
    local reason = hold and overBecause(hold)
    if not reason then
        if hold then
            setDeadline(id, hold)
        else
            redis.call('ZREM', DEADLINES, 'h' .. TAB .. id)
        end
    elseif hold.kept then
        endKept({ id }, 'expired', reason)
    else
        announce('expired', reason, { loseScoped(id, hold, reason, TAB .. TAB, '') })
    end
    return hold and rootOf(hold.path)
end

-- A running call uses a kept hold: until it ends the lease does not run.
local function use(call, id, hold)
    call.uses = call.uses or {}
    for _, one in ipairs(call.uses) do
        if one == id then
            return
        end
    end
    call.uses[#call.uses + 1] = id
    beginUse(id, hold)
end

-- A call uses its owner's kept holds on what it covers, or around it.
local function markUse(callId, call)
    local function at(prefix)
        for _, id in ipairs(rests(prefix)) do
            local hold = holdOf(id)
            if belongsTo(hold, call) and overlaps(hold, call) then
                use(call, id, hold)
            end
        end
    end
    at('u' .. TAB .. call.path .. TAB .. call.who .. TAB)
    for _, object in ipairs(above(call.path)) do
        at('u' .. TAB .. object .. TAB .. call.who .. TAB)
    end
    if call.tree then
        -- Calls further down may join this one, and the store does not hear of them.
        at('v' .. TAB .. call.path .. TAB .. call.who .. TAB)
    end
    keepHold(callId, call)
end

-- Calls of the owner that are running on what a hold covers, or all around it, now use it.
local function markRunning(id, hold)
    if not isRenewedByUse(hold) then
        return
    end
    local function at(place, object)
        for _, kind in ipairs({ 's', 't' }) do
            for _, rest in ipairs(rests(place .. TAB .. object .. TAB .. kind .. TAB .. hold.who .. TAB)) do
                local callId = string.match(rest, '[^\t]*$')
                local call = holdOf(callId)
                if overlaps(hold, call) and belongsTo(hold, call) then
                    use(call, id, hold)
                    keepHold(callId, call)
                end
            end
        end
    end
    at('o', hold.path)
    for _, object in ipairs(above(hold.path)) do
        at('a', object)
    end
    if hold.tree then
        at('b', hold.path)
    end
end

local function copyOf(claim)
    local copy = {}
    for _, field in ipairs({ 'path', 'mode', 'tree', 'access', 'kept', 'from', 'to', 'slots', 'lease', 'longest', 'renewal' }) do
        copy[field] = claim[field]
    end
    return copy
end

-- One hold on one object that gives at least what either of two gives.
local function union(one, other)
    local both = copyOf(one)
    both.tree = one.tree or other.tree
    both.access = includesAccess(one.access, other.access) and one.access or other.access
    return both
end

local function sameKept(claim, owner)
    if claim.slots then
        return nil
    end
    local found
    for _, id in ipairs(ownKeptOn(claim.path, owner)) do
        local hold = holdOf(id)
        if hold.mode == claim.mode and not hold.slots and hold.from == claim.from and hold.to == claim.to then
            found = id
        end
    end
    return found
end

-- What one hold will be that several claims of a request make together.
local function withOthersOnSame(claim, claims)
    local together = claim
    for _, other in ipairs(claims) do
        if other.kept
            and other.mode == together.mode
            and not other.slots
            and not together.slots
            and other.path == claim.path
            and other.from == claim.from
            and other.to == claim.to
            and not includes(together, other)
        then
            together = union(together, other)
        end
    end
    return together
end

-- What a claim comes to once it is granted, which may be more than it says; nil if the owner has it already.
local function judged(claim, ask)
    if not claim.kept then
        return claim
    end
    local same = sameKept(claim, ask)
    local hold = same and holdOf(same)
    if hold and includes(hold, withOthersOnSame(claim, ask.claims)) then
        return nil
    end
    return withOthersOnSame(hold and union(hold, claim) or claim, ask.claims)
end

local function sessionOf(who, client)
    return read('c' .. TAB .. who .. TAB .. client)
end

local function holdFor(ask, claim, fence)
    local hold = copyOf(claim)
    hold.user, hold.client, hold.flow, hold.who = ask.user, ask.client, ask.flow, ask.who
    hold.process, hold.ask, hold.fence, hold.since, hold.used = ask.process, ask.key, fence, now, now
    return hold
end

local function holdId(ask, part)
    return part == 1 and ask.key or ask.key .. '.' .. (part - 1)
end

local function grantScoped(ask, part, fence)
    local id = holdId(ask, part)
    local hold = holdFor(ask, ask.claims[part], fence)
    addHold(id, hold)
    if treeOf(rootOf(hold.path)).leased > 0 then
        markUse(id, hold)
    end
    if hold.longest then
        setDeadline(id, hold)
    end
end

local function create(ask, part, fence)
    local id = ask.key .. '-k' .. part
    local hold = holdFor(ask, ask.claims[part], fence)
    if hold.mode ~= 'M' then
        hold.flow = ''
    end
    hold.byClient = sessionOf(ask.who, ask.client) and true or nil
    addHold(id, hold)
    if mayRunOut(hold) then
        setDeadline(id, hold)
        markRunning(id, hold)
    end
    return id
end

-- Taken again: the later end of the two leases counts, and nothing else changes but what is more.
local function again(id, claim, ask, fence)
    local hold = holdOf(id)
    local longer = hold.lease and (not claim.lease or claim.lease > hold.lease)
    local enough = includes(hold, claim)
    local tree = treeOf(rootOf(hold.path))
    local leased = hold.lease and 1 or 0
    changeHold(id, hold, function()
        hold.takenAgain = hold.takenAgain or hold.ask ~= ask.key or nil
        if not enough then
            local both = union(hold, claim)
            hold.tree, hold.access, hold.fence = both.tree, both.access, fence
        end
        if longer then
            hold.lease = claim.lease
        end
        if hold.byClient then
            hold.byClient = sessionOf(ask.who, ask.client) and true or nil
        end
    end)
    tree.leased = tree.leased - leased + (hold.lease and 1 or 0)
    keepTree(rootOf(hold.path), tree)
    used(id, hold)
    if mayRunOut(hold) then
        setDeadline(id, hold)
    end
    markRunning(id, hold)
    return not enough
end

-- Since which fence all transactions under a root were of one process.
local function grantTransaction(ask, fence)
    local root = rootOf(ask.claims[1].path)
    local before = read('Y' .. TAB .. root)
    if before and before.process == ask.process then
        return before.since
    end
    write('Y' .. TAB .. root, { process = ask.process, since = fence })
    enter({ 'h' .. TAB .. ask.process .. TAB .. root })
    if before then
        strike({ 'h' .. TAB .. before.process .. TAB .. root })
        tell(before.process, table.concat({ 'history', root, digits(fence) }, TAB))
    end
    return fence
end

-- Makes, renews or widens what a request asks for, after it has been judged. Returns fence, ownSince, and for each kept claim
-- id, path, fence and whether it was created.
local function grant(ask)
    local allRenewed = true
    for _, claim in ipairs(ask.claims) do
        local same = claim.kept and sameKept(claim, ask)
        allRenewed = allRenewed and same and includes(holdOf(same), claim)
    end
    local fence = allRenewed and 0 or nextFence()
    local kept, announced = {}, {}
    for part, claim in ipairs(ask.claims) do
        if claim.kept then
            local id = sameKept(claim, ask)
            local created = not id
            local more = created
            if created then
                id = create(ask, part, fence)
            else
                more = again(id, claim, ask, fence)
            end
            local hold = holdOf(id)
            if more then
                announced[#announced + 1] = infoOf(id, hold)
            end
            kept[#kept + 1] = table.concat({ id, hold.path, digits(hold.fence), created and '1' or '0' }, TAB)
        else
            grantScoped(ask, part, fence)
        end
    end
    if allRenewed then
        fence = tonumber(string.match(kept[1], '^[^\t]*\t[^\t]*\t([^\t]*)'))
    end
    if #announced > 0 then
        announce('acquired', '', announced)
    end
    local ownSince = ask.transaction and grantTransaction(ask, fence) or 0
    return { digits(fence), digits(ownSince), unpack(kept) }
end
