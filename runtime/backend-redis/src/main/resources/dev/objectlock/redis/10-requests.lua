-- What a request for holds comes to, and how holds are given back.
-- A process that was taken for dead asks again under another name, and what it had under the first may not have been cleared away
-- here: of that it would hear nothing any more.
function line.endOfFormerProcess(asked)
    local ended = false
    local place, waiting = line.placeOf(asked.key)
    if place and waiting.process ~= asked.process then
        line.leaveLine(bucket.treeOf(asked.root), place, waiting)
        ended = true
    end
    for part in ipairs(asked.claims) do
        local id = holds.holdId(asked, part)
        local hold = holds.holdOf(id)
        if hold and hold.process ~= asked.process then
            holds.endHold(id, hold)
            ended = true
        end
    end
    if ended then
        line.settle(asked.root)
    end
end

-- A request that is sent again, because its answer was lost.
function line.answeredBefore(asked)
    line.endOfFormerProcess(asked)
    local place, waiting = line.placeOf(asked.key)
    if place then
        local answer = line.refusedAt(place, waiting)
        answer[1] = 'queued'
        return answer
    end
    -- What is kept may have outlived a process with which the rest has ended.
    local first, scoped = nil, true
    for part, claim in ipairs(asked.claims) do
        local id = claim.kept and asked.key .. '-k' .. part or holds.holdId(asked, part)
        local hold = holds.holdOf(id)
        first = first or hold and hold.ask == asked.key and hold
        scoped = scoped and (claim.kept or hold)
    end
    if not first or not scoped then
        return nil
    end
    local kept = {}
    for part, claim in ipairs(asked.claims) do
        local own = asked.key .. '-k' .. part
        local id = claim.kept and (holds.holdOf(own) and own or holds.sameKept(claim, asked))
        local hold = id and holds.holdOf(id)
        if hold then
            kept[#kept + 1] = (hold.ask == asked.key and '1' or '0') .. TAB .. holds.infoOf(id, hold)
        end
    end
    local history = asked.transaction and bucket.read('Y' .. TAB .. asked.root)
    return { 'granted', bucket.digits(first.fence), bucket.digits(history and history.since or 0), unpack(kept) }
end

function line.askFor(asked, waits)
    if bucket.read('D' .. TAB .. asked.key) then
        return { 'undone' }
    end
    local answer = line.answeredBefore(asked) or line.otherSlots(asked)
    if answer then
        return answer
    end
    local obstacle = line.obstacleOf(asked)
    if not obstacle then
        local granted = { 'granted', unpack(holds.grant(asked)) }
        line.settle(asked.root)
        return granted
    end
    if not waits or not asked.forAnything and line.isKept(obstacle) then
        return line.refused(obstacle, #bucket.treeOf(asked.root).line)
    end
    return line.join(asked, obstacle)
end

function holds.endScoped(key, parts)
    local root
    local there = 0
    for part = 1, parts do
        local id = holds.holdId({ key = key }, part)
        local hold = holds.holdOf(id)
        if hold then
            root = bucket.rootOf(hold.path)
            there = there + 1
            holds.endHold(id, hold)
        end
    end
    if root then
        line.settle(root)
    end
    return there
end

function operations.ask()
    return line.askFor(args.ask())
end

-- A process that waits is told that this server may have forgotten its last second: if the request is not here any more, it waits
-- anew, at the end of the line, and hears what comes of it as ever.
function operations.waitAgain()
    local asked = args.ask()
    if not bucket.read('P' .. TAB .. PROCESS) or bucket.read('D' .. TAB .. asked.key) or line.answeredBefore(asked) then
        return {}
    end
    local otherSlots = line.otherSlots(asked)
    if otherSlots then
        line.decide(asked, otherSlots)
    else
        line.enter(asked, false)
        line.settle(asked.root)
    end
    return {}
end

function operations.giveBack()
    local key, parts = args.argument(), args.number()
    local there = holds.endScoped(key, parts)
    if there == 0 then
        -- A server that has forgotten its last second may have it in the line again.
        line.withdraw(key)
    end
    return { there }
end

function operations.withdraw()
    return line.withdraw(args.argument()) or {}
end
