-- What a request for holds comes to, and how holds are given back.
local operations = {}

-- A request that is sent again, because its answer was lost.
function line.answeredBefore(asked)
    local place, waiting = line.placeOf(asked.key)
    if place then
        local answer = line.refusedAt(place, waiting)
        answer[1] = 'queued'
        return answer
    end
    for part, claim in ipairs(asked.claims) do
        local hold = not claim.kept and holds.holdOf(holds.holdId(asked, part))
        if hold then
            local kept = {}
            for other, its in ipairs(asked.claims) do
                local id = its.kept and (holds.sameKept(its, asked) or asked.key .. '-k' .. other)
                local there = id and holds.holdOf(id)
                if there then
                    local created = there.ask == asked.key and '1' or '0'
                    kept[#kept + 1] = created .. TAB .. holds.infoOf(id, there)
                end
            end
            local history = asked.transaction and bucket.read('Y' .. TAB .. asked.root)
            return { 'granted', bucket.digits(hold.fence), bucket.digits(history and history.since or 0), unpack(kept) }
        end
    end
    return nil
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
    for part = 1, parts do
        local id = holds.holdId({ key = key }, part)
        local hold = holds.holdOf(id)
        if hold then
            root = bucket.rootOf(hold.path)
            holds.endHold(id, hold)
        end
    end
    if root then
        line.settle(root)
    end
end

function operations.ask()
    return line.askFor(args.ask())
end

function operations.giveBack()
    holds.endScoped(args.argument(), args.number())
    return {}
end

function operations.withdraw()
    return line.withdraw(args.argument()) or {}
end
