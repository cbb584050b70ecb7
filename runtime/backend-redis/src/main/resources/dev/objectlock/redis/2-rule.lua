-- Who keeps out whom: ConflictRule, said a second time. A claim and a hold have the same fields: path, mode (U, C, M), tree,
-- access (X, S), kept, slots, from and to; an owner has user (nil for nobody), client, flow, and who = the user or, for
-- nobody, client and flow.
local function sameUser(a, b)
    return a.user ~= nil and a.user == b.user
end

local function sameClient(a, b)
    return sameUser(a, b) and a.client == b.client
end

local function sameFlow(a, b)
    return a.flow ~= '' and a.user == b.user and a.client == b.client and a.flow == b.flow
end

local function overlaps(a, b)
    if a.path == b.path then
        return not a.from or not b.from or a.from < b.to and b.from < a.to
    end
    return a.tree and isAtOrAbove(a.path, b.path) or b.tree and isAtOrAbove(b.path, a.path)
end

local function covers(a, b)
    if a.path ~= b.path then
        return a.tree and isAtOrAbove(a.path, b.path)
    end
    return (a.tree or not b.tree) and (not a.from or b.from and a.from <= b.from and b.to <= a.to)
end

local function admits(hold, owner, other, otherOwner)
    if hold.mode == 'U' or other.mode == 'U' and other.kept then
        return sameUser(owner, otherOwner)
    end
    return sameClient(owner, otherOwner)
end

local function admitsMonitor(ownership, owner, monitor, monitorOwner)
    return ownership.mode == 'M' or monitor.mode ~= 'M' or admits(ownership, owner, monitor, monitorOwner)
end

local function conflict(a, ownerOfA, b, ownerOfB)
    if a.access == 'S' and b.access == 'S' or a.slots and b.slots or not overlaps(a, b) then
        return false
    end
    if a.mode == 'M' or b.mode == 'M' then
        local inside = (a.mode == 'M' or not a.kept) and (b.mode == 'M' or not b.kept)
        local meet = inside and a.path == b.path and not sameFlow(ownerOfA, ownerOfB)
        return meet or not (admitsMonitor(a, ownerOfA, b, ownerOfB) and admitsMonitor(b, ownerOfB, a, ownerOfA))
    end
    return not (admits(a, ownerOfA, b, ownerOfB) and admits(b, ownerOfB, a, ownerOfA))
end

local function belongsTo(hold, who)
    if not hold.kept or hold.mode == 'M' then
        return sameFlow(hold, who)
    end
    if hold.mode == 'U' then
        return sameUser(hold, who)
    end
    return sameClient(hold, who)
end

local function includesAccess(has, wanted)
    return has == 'X' or wanted == 'S'
end

local function includes(has, wanted)
    return (has.tree or not wanted.tree) and includesAccess(has.access, wanted.access)
end
