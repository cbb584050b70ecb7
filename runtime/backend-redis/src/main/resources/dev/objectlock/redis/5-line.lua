-- The line of those who wait in one tree: first come, first served among requests that conflict.
local function askOf(key)
    return read('a' .. TAB .. key)
end

local function infoOfWaiter(ask, part)
    return describe(holdId(ask, part), ask.claims[part], ask, 0, ask.since, nil)
end

-- What is in the way: a hold (id), or a waiter (ask with the number of its claim), of the claim `part`.
local function isKept(obstacle)
    return obstacle.id ~= nil and holdOf(obstacle.id).kept
end

local function amongHoldsOf(claim, ask, part)
    local found = conflicting(claim, ask)
    if found and holdOf(found).kept or not claim.slots then
        return found and { id = found, part = part }
    end
    if slotsOn(claim.path) >= claim.slots then
        local slot = slotOn(claim.path)
        if not found or holdOf(slot).kept then
            return { id = slot, part = part }
        end
    end
    return found and { id = found, part = part }
end

local function amongHolds(ask)
    local found
    for part, claim in ipairs(ask.claims) do
        local wanted = judged(claim, ask)
        local obstacle = wanted and amongHoldsOf(wanted, ask, part)
        if obstacle and isKept(obstacle) then
            return obstacle
        end
        found = found or obstacle
    end
    return found
end

-- A waiter in front that a request must not pass. One that a kept hold keeps out holds nobody off.
local function behind(ask, ahead)
    for part, asked in ipairs(ask.claims) do
        local claim = judged(asked, ask)
        if claim then
            local free = claim.slots and claim.slots - slotsOn(claim.path) or 0
            for _, waiter in ipairs(ahead) do
                for theirs, other in ipairs(waiter.keptOut and {} or waiter.claims) do
                    local wanted = judged(other, waiter)
                    if wanted then
                        if claim.slots and wanted.slots and wanted.path == claim.path then
                            -- As many slots as wait in front must be left for them.
                            free = free - 1
                            if free <= 0 then
                                return { ask = waiter, theirs = theirs, part = part }
                            end
                        end
                        if conflict(wanted, waiter, claim, ask) then
                            return { ask = waiter, theirs = theirs, part = part }
                        end
                    end
                end
            end
        end
    end
    return nil
end

local function waitersIn(tree)
    local waiters = {}
    for i, key in ipairs(tree.line) do
        waiters[i] = askOf(key)
    end
    return waiters
end

local function blocker(obstacle)
    if obstacle.id then
        return 'H', infoOf(obstacle.id, holdOf(obstacle.id))
    end
    return 'W', infoOfWaiter(obstacle.ask, obstacle.theirs)
end

local function refused(obstacle, ahead)
    local kind, info = blocker(obstacle)
    return { 'refused', kind, info, obstacle.part - 1, ahead + 1 }
end

local function leaveLine(tree, place, ask)
    table.remove(tree.line, place)
    keepTree(ask.root, tree)
    erase('a' .. TAB .. ask.key)
    strike({
        'w' .. TAB .. ask.who .. TAB .. ask.client .. TAB .. ask.key,
        'x' .. TAB .. ask.process .. TAB .. ask.key,
    })
end

-- Tells the process of a waiter, which is not in the line any more, what became of it.
local function decide(ask, answer)
    tell(ask.process, 'decided' .. TAB .. ask.key .. '\n' .. table.concat(answer, '\n'))
end

local function settleOnce(root, tree)
    local changedAny = false
    local ahead, before = {}, 0
    local place = 1
    while place <= #tree.line do
        local ask = askOf(tree.line[place])
        local lives = read('P' .. TAB .. ask.process)
        local obstacle = lives and amongHolds(ask)
        local keptOut = lives and obstacle ~= nil and isKept(obstacle)
        if not lives then
            leaveLine(tree, place, ask)
            return true
        end
        if keptOut ~= (ask.keptOut or false) then
            ask.keptOut = keptOut
            write('a' .. TAB .. ask.key, ask)
        end
        if keptOut and not ask.forAnything then
            leaveLine(tree, place, ask)
            decide(ask, refused(obstacle, before))
            changedAny = true
        elseif keptOut then
            before = before + 1
            place = place + 1
        elseif obstacle or not ask.passes and behind(ask, ahead) then
            ahead[#ahead + 1] = ask
            before = before + 1
            place = place + 1
        else
            leaveLine(tree, place, ask)
            decide(ask, { 'granted', unpack(grant(ask)) })
            -- What it keeps may change who is held off further up: look again from the front.
            return true
        end
    end
    return changedAny
end

-- Goes along the line and decides whoever can be decided now.
local function settle(root)
    local tree = treeOf(root)
    while #tree.line > 0 and settleOnce(root, tree) do
    end
end

-- What is in the way of a request: a kept hold if there is one, else a scoped one, else a waiter in front.
local function obstacleOf(ask)
    local obstacle = amongHolds(ask)
    if obstacle or ask.passes then
        return obstacle
    end
    local tree = treeOf(ask.root)
    return #tree.line > 0 and behind(ask, waitersIn(tree)) or nil
end

local function join(ask, obstacle)
    local tree = treeOf(ask.root)
    local answer = refused(obstacle, #tree.line)
    ask.since = now
    ask.keptOut = isKept(obstacle) or false
    tree.line[#tree.line + 1] = ask.key
    keepTree(ask.root, tree)
    write('a' .. TAB .. ask.key, ask)
    enter({
        'w' .. TAB .. ask.who .. TAB .. ask.client .. TAB .. ask.key,
        'x' .. TAB .. ask.process .. TAB .. ask.key,
    })
    settle(ask.root)
    answer[1] = 'queued'
    return answer
end

local function placeOf(key)
    local ask = askOf(key)
    if not ask then
        return nil
    end
    for place, other in ipairs(treeOf(ask.root).line) do
        if other == key then
            return place, ask
        end
    end
    return nil
end

-- What a waiter waits for. Whoever has nothing in the way has been granted before.
local function refusedAt(place, ask)
    local ahead = {}
    for i = 1, place - 1 do
        ahead[i] = askOf(treeOf(ask.root).line[i])
    end
    return refused(amongHolds(ask) or behind(ask, ahead), place - 1)
end

local function withdraw(key)
    local place, ask = placeOf(key)
    if not place then
        return nil
    end
    local answer = refusedAt(place, ask)
    leaveLine(treeOf(ask.root), place, ask)
    settle(ask.root)
    return answer
end

-- Removes waiters of one tree, and tells them why.
local function dismiss(root, which, why)
    local tree = treeOf(root)
    local place = 1
    while place <= #tree.line do
        local ask = askOf(tree.line[place])
        if which(ask) then
            leaveLine(tree, place, ask)
            decide(ask, why)
        else
            place = place + 1
        end
    end
end

local function otherSlots(ask)
    for part, claim in ipairs(ask.claims) do
        if claim.slots then
            local slot = slotOn(claim.path)
            local slots = slot and holdOf(slot).slots
            for _, waiter in ipairs(slots and {} or waitersIn(treeOf(ask.root))) do
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
