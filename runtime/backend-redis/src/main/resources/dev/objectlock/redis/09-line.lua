-- The line of those who wait in one tree: first come, first served among requests that conflict.
function line.askOf(key)
    return bucket.read('a' .. TAB .. key)
end

function line.infoOfWaiter(ask, part)
    return holds.describe(holds.holdId(ask, part), ask.claims[part], ask, 0, ask.since, nil)
end

-- What is in the way: a hold (id), or a waiter (ask with the number of its claim), of the claim `part`.
function line.isKept(obstacle)
    return obstacle.id ~= nil and holds.holdOf(obstacle.id).kept
end

function line.amongHoldsOf(claim, ask, part)
    local found = search.conflicting(claim, ask)
    if found and holds.holdOf(found).kept or not claim.slots then
        return found and { id = found, part = part }
    end
    if search.slotsOn(claim.path) >= claim.slots then
        local slot = search.slotOn(claim.path)
        if not found or holds.holdOf(slot).kept then
            return { id = slot, part = part }
        end
    end
    return found and { id = found, part = part }
end

function line.amongHolds(ask)
    local found
    for part, claim in ipairs(ask.claims) do
        local wanted = holds.judged(claim, ask)
        local obstacle = wanted and line.amongHoldsOf(wanted, ask, part)
        if obstacle and line.isKept(obstacle) then
            return obstacle
        end
        found = found or obstacle
    end
    return found
end

-- A waiter in front that a request must not pass. One that a kept hold keeps out holds nobody off.
function line.behind(ask, ahead)
    for part, asked in ipairs(ask.claims) do
        local claim = holds.judged(asked, ask)
        if claim then
            local free = claim.slots and claim.slots - search.slotsOn(claim.path) or 0
            for _, waiter in ipairs(ahead) do
                for theirs, other in ipairs(waiter.keptOut and {} or waiter.claims) do
                    local wanted = holds.judged(other, waiter)
                    if wanted then
                        if claim.slots and wanted.slots and wanted.path == claim.path then
                            -- As many slots as wait in front must be left for them.
                            free = free - 1
                            if free <= 0 then
                                return { ask = waiter, theirs = theirs, part = part }
                            end
                        end
                        if rule.conflict(wanted, waiter, claim, ask) then
                            return { ask = waiter, theirs = theirs, part = part }
                        end
                    end
                end
            end
        end
    end
    return nil
end

function line.asksOf(keys)
    local asks = {}
    for i, key in ipairs(keys) do
        asks[i] = line.askOf(key)
    end
    return asks
end

function line.waitersIn(tree)
    return line.asksOf(tree.line)
end

function line.blocker(obstacle)
    if obstacle.id then
        return 'H', holds.infoOf(obstacle.id, holds.holdOf(obstacle.id))
    end
    return 'W', line.infoOfWaiter(obstacle.ask, obstacle.theirs)
end

function line.refused(obstacle, ahead)
    local kind, info = line.blocker(obstacle)
    return { 'refused', kind, info, obstacle.part - 1, ahead + 1 }
end

function line.leaveLine(tree, place, ask)
    table.remove(tree.line, place)
    table.remove(tree.by, place)
    bucket.keepTree(ask.root, tree)
    bucket.erase('a' .. TAB .. ask.key)
    index.strike({
        'w' .. TAB .. ask.who .. TAB .. ask.client .. TAB .. ask.key,
        'x' .. TAB .. ask.process .. TAB .. ask.key,
    })
end

-- Tells the process of a waiter, which is not in the line any more, what became of it.
function line.decide(ask, answer)
    bucket.tell(ask.process, 'decided' .. TAB .. ask.key .. TAB .. bucket.digits(now) .. '\n' .. table.concat(answer, '\n'))
end

-- Whether a request asks for nothing but scoped holds, so that what it comes to depends on nothing else.
function line.isScoped(ask)
    for _, claim in ipairs(ask.claims) do
        if claim.kept or claim.slots then
            return false
        end
    end
    return true
end

-- The name of a waiter in front of a place that holds a request off for as long as it waits there, if one is soon found. Most
-- who wait for the same have the one before them.
function line.heldOffBy(ask, tree, place)
    if ask.keptOut or ask.passes or not line.isScoped(ask) then
        return false
    end
    for i = place - 1, math.max(1, place - MOST_LOOKED_AT), -1 do
        local other = line.askOf(tree.line[i])
        if line.isScoped(other) and line.behind(ask, { other }) then
            return other.key
        end
    end
    return false
end

-- Who holds whom off has to be found out again: a kept hold may keep some of them out now, or objects have moved.
function line.lookAgain(root)
    local tree = bucket.treeOf(root)
    for place = 1, #tree.by do
        tree.by[place] = false
        bucket.keepTree(root, tree)
    end
end

function line.settleOnce(root, tree)
    local changedAny = false
    -- Those who wait and are not kept out, as a list and as a set.
    local ahead, holdOff = {}, {}
    local place = 1
    while place <= #tree.line do
        local key = tree.line[place]
        if holdOff[tree.by[place]] then
            ahead[#ahead + 1] = key
            holdOff[key] = true
            place = place + 1
        else
            local ask = line.askOf(key)
            local lives = bucket.read('P' .. TAB .. ask.process)
            if not lives then
                line.leaveLine(tree, place, ask)
                return true
            end
            local obstacle = line.amongHolds(ask)
            local keptOut = obstacle ~= nil and line.isKept(obstacle)
            if keptOut ~= (ask.keptOut or false) then
                ask.keptOut = keptOut
                bucket.write('a' .. TAB .. ask.key, ask)
            end
            if keptOut and not ask.forAnything then
                line.leaveLine(tree, place, ask)
                line.decide(ask, line.refused(obstacle, place - 1))
                changedAny = true
            elseif keptOut then
                tree.by[place] = false
                place = place + 1
            elseif obstacle or not ask.passes and line.behind(ask, line.asksOf(ahead)) then
                tree.by[place] = line.heldOffBy(ask, tree, place)
                bucket.keepTree(root, tree)
                ahead[#ahead + 1] = key
                holdOff[key] = true
                place = place + 1
            else
                line.leaveLine(tree, place, ask)
                line.decide(ask, { 'granted', unpack(holds.grant(ask)) })
                -- What it keeps may change who is held off further up: look again from the front.
                return true
            end
        end
    end
    return changedAny
end

-- Goes along the line and decides whoever can be decided now.
function line.settle(root)
    local tree = bucket.treeOf(root)
    while #tree.line > 0 and line.settleOnce(root, tree) do
    end
end

-- What is in the way of a request: a kept hold if there is one, else a scoped one, else a waiter in front.
function line.obstacleOf(ask)
    local obstacle = line.amongHolds(ask)
    if obstacle or ask.passes then
        return obstacle
    end
    local tree = bucket.treeOf(ask.root)
    return #tree.line > 0 and line.behind(ask, line.waitersIn(tree)) or nil
end

function line.enter(ask, keptOut)
    local tree = bucket.treeOf(ask.root)
    ask.since = now
    ask.keptOut = keptOut
    local place = #tree.line + 1
    tree.line[place], tree.by[place] = ask.key, line.heldOffBy(ask, tree, place)
    bucket.keepTree(ask.root, tree)
    bucket.write('a' .. TAB .. ask.key, ask)
    index.enter({
        'w' .. TAB .. ask.who .. TAB .. ask.client .. TAB .. ask.key,
        'x' .. TAB .. ask.process .. TAB .. ask.key,
    })
end

function line.join(ask, obstacle)
    local answer = line.refused(obstacle, #bucket.treeOf(ask.root).line)
    line.enter(ask, line.isKept(obstacle) or false)
    answer[1] = 'queued'
    return answer
end

function line.placeOf(key)
    local ask = line.askOf(key)
    if not ask then
        return nil
    end
    for place, other in ipairs(bucket.treeOf(ask.root).line) do
        if other == key then
            return place, ask
        end
    end
    return nil
end

-- What a waiter waits for. Whoever has nothing in the way has been granted before.
function line.refusedAt(place, ask)
    local ahead = {}
    for i = 1, place - 1 do
        ahead[i] = line.askOf(bucket.treeOf(ask.root).line[i])
    end
    return line.refused(line.amongHolds(ask) or line.behind(ask, ahead), place - 1)
end

function line.withdraw(key)
    local place, ask = line.placeOf(key)
    if not place then
        return nil
    end
    local answer = line.refusedAt(place, ask)
    line.leaveLine(bucket.treeOf(ask.root), place, ask)
    line.settle(ask.root)
    return answer
end

-- Removes waiters of one tree, and tells them why.
function line.dismiss(root, which, why)
    local tree = bucket.treeOf(root)
    local place = 1
    while place <= #tree.line do
        local ask = line.askOf(tree.line[place])
        if which(ask) then
            line.leaveLine(tree, place, ask)
            line.decide(ask, why)
        else
            place = place + 1
        end
    end
end

function line.otherSlots(ask)
    for part, claim in ipairs(ask.claims) do
        if claim.slots then
            local slot = search.slotOn(claim.path)
            local slots = slot and holds.holdOf(slot).slots
            for _, waiter in ipairs(slots and {} or line.waitersIn(bucket.treeOf(ask.root))) do
                for _, other in ipairs(waiter.claims) do
                    slots = slots or other.path == claim.path and other.slots
                end
            end
            if slots and slots ~= claim.slots then
                return { 'slots', part - 1, slots }
            end
        end
    end
    return nil
end
