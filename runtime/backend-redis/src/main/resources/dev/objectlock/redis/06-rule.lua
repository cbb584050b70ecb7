-- Who keeps out whom: ConflictRule, said a second time. A claim and a hold have the same fields: path, mode (U, C, M), tree,
-- access (X, S), kept, slots, from and to; an owner has user (nil for nobody), client, flow, and who = the user or, for
-- nobody, client and flow.
function rule.sameUser(a, b)
    return a.user ~= nil and a.user == b.user
end

function rule.sameClient(a, b)
    return rule.sameUser(a, b) and a.client == b.client
end

function rule.sameFlow(a, b)
    return a.flow ~= '' and a.user == b.user and a.client == b.client and a.flow == b.flow
end

function rule.overlaps(a, b)
    if a.path == b.path then
        return not a.from or not b.from or a.from < b.to and b.from < a.to
    end
    return a.tree and bucket.isAtOrAbove(a.path, b.path) or b.tree and bucket.isAtOrAbove(b.path, a.path)
end

function rule.covers(a, b)
    if a.path ~= b.path then
        return a.tree and bucket.isAtOrAbove(a.path, b.path)
    end
    return (a.tree or not b.tree) and (not a.from or b.from and a.from <= b.from and b.to <= a.to)
end

function rule.admits(hold, owner, other, otherOwner)
    if hold.mode == 'U' or other.mode == 'U' and other.kept then
        return rule.sameUser(owner, otherOwner)
    end
    return rule.sameClient(owner, otherOwner)
end

function rule.admitsMonitor(ownership, owner, monitor, monitorOwner)
    return ownership.mode == 'M' or monitor.mode ~= 'M' or rule.admits(ownership, owner, monitor, monitorOwner)
end

function rule.conflict(a, ownerOfA, b, ownerOfB)
    if a.access == 'S' and b.access == 'S' or a.slots and b.slots or not rule.overlaps(a, b) then
        return false
    end
    if a.mode == 'M' or b.mode == 'M' then
        local inside = (a.mode == 'M' or not a.kept) and (b.mode == 'M' or not b.kept)
        local meet = inside and a.path == b.path and not rule.sameFlow(ownerOfA, ownerOfB)
        return meet or not (rule.admitsMonitor(a, ownerOfA, b, ownerOfB) and rule.admitsMonitor(b, ownerOfB, a, ownerOfA))
    end
    return not (rule.admits(a, ownerOfA, b, ownerOfB) and rule.admits(b, ownerOfB, a, ownerOfA))
end

function rule.belongsTo(hold, who)
    if not hold.kept or hold.mode == 'M' then
        return rule.sameFlow(hold, who)
    end
    if hold.mode == 'U' then
        return rule.sameUser(hold, who)
    end
    return rule.sameClient(hold, who)
end

function rule.includesAccess(has, wanted)
    return has == 'X' or wanted == 'S'
end

function rule.includes(has, wanted)
    return (has.tree or not wanted.tree) and rule.includesAccess(has.access, wanted.access)
end
