-- Finding the holds that conflict with a claim by a few ranges of the index, however many there are. Holds at one place are
-- sorted by what the rule tells apart: kind, user, mode, client, flow. If the first and the last of a range are the asker's
-- own, all of it is.
local FIELDS = '^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$'

-- Whether a hold of the same user and a claim admit each other whatever their clients.
function search.sameUserIsEnough(mode, kept, claim)
    return mode == 'U' and kept or claim.mode == 'U' and claim.kept or mode ~= 'C' and claim.mode ~= 'C'
end

-- A hold of one kind at one place that conflicts with a claim.
function search.inKind(prefix, kind, claim, owner, on)
    local from = prefix .. kind .. TAB
    local any = index.first(from)
    if not any then
        return nil
    end
    local who, mode, client, flow, id = string.match(any, FIELDS, #from + 1)
    if who ~= owner.who then
        return id
    end
    who, mode, client, flow, id = string.match(index.last(from), FIELDS, #from + 1)
    if who ~= owner.who then
        return id
    end
    local kept = KEPT[kind] or false
    for _, its in ipairs(MODES) do
        local bothMonitors = its == 'M' and claim.mode == 'M'
        local byClient = not bothMonitors and not search.sameUserIsEnough(its, kept, claim)
        local byFlow = on
            and (its == 'M' or claim.mode == 'M')
            and (its == 'M' or not kept)
            and (claim.mode == 'M' or not claim.kept)
        if byClient or byFlow then
            local own = from .. owner.who .. TAB .. its .. TAB
            any = index.first(own)
            for _, one in ipairs(any and { any, index.last(own) } or {}) do
                who, mode, client, flow, id = string.match(one, FIELDS, #from + 1)
                if client ~= owner.client or byFlow and flow ~= owner.flow then
                    return id
                end
            end
        end
    end
    return nil
end

-- The conflicting hold that is named: a kept one if there is one, unless only the nearest is asked for; on the object, else the
-- nearest above, else any below.
function search.conflicting(claim, owner, onlyNearest)
    if bucket.treeOf(bucket.rootOf(claim.path)).holds == 0 then
        return nil
    end
    local shared = claim.access == 'S'
    local scoped
    local function at(place, path, on)
        local prefix = place .. TAB .. path .. TAB
        local lowest, highest = index.kindsIn(prefix)
        for _, kind in ipairs(lowest and KINDS or {}) do
            local kept = KEPT[kind]
            local never = claim.slots and SLOT[kind] or shared and SHARED[kind]
            if kind >= lowest and kind <= highest and not never and (kept or not scoped) then
                local found = search.inKind(prefix, kind, claim, owner, on)
                if found and (kept or onlyNearest) then
                    return found
                end
                scoped = scoped or found
            end
        end
        return nil
    end
    -- Extents are compared one by one: there are as many as parts of one object are in use.
    local function oneByOne()
        local prefix = 'o' .. TAB .. claim.path .. TAB
        for _, rest in ipairs(index.rests(prefix)) do
            local id = string.match(rest, '[^\t]*$')
            local hold = bucket.read('h' .. TAB .. id)
            local isOwn = onlyNearest and hold and rule.belongsTo(hold, owner)
            if hold and not isOwn and rule.conflict(hold, hold, claim, owner) then
                if hold.kept or onlyNearest then
                    return id
                end
                scoped = scoped or id
            end
        end
        return nil
    end
    local found
    if claim.from or index.first('n' .. TAB .. claim.path .. TAB) then
        found = oneByOne()
    else
        found = at('o', claim.path, true)
    end
    if found then
        return found
    end
    for _, object in ipairs(bucket.above(claim.path)) do
        found = at('a', object, false)
        if found then
            return found
        end
    end
    return claim.tree and at('b', claim.path, false) or scoped
end

function search.slotsOn(path)
    local prefix = 'c' .. TAB .. path .. TAB
    return redis.call('ZLEXCOUNT', INDEX, '[' .. prefix, '[' .. prefix .. '\255')
end

-- One who has a slot, a running call if there is one.
function search.slotOn(path)
    local found = index.last('c' .. TAB .. path .. TAB)
    return found and string.match(found, '[^\t]*$')
end

-- The ids of the holds on an object, and of those below it.
function search.on(path)
    local ids = index.rests('o' .. TAB .. path .. TAB)
    for i = 1, #ids do
        ids[i] = string.match(ids[i], '[^\t]*$')
    end
    return ids
end

function search.under(path)
    local ids = search.on(path)
    for _, rest in ipairs(index.rests('o' .. TAB .. path .. '/')) do
        ids[#ids + 1] = string.match(rest, '[^\t]*$')
    end
    return ids
end

-- The holds on an object and the trees above it, nearest first.
function search.covering(path)
    local ids = search.on(path)
    for _, object in ipairs(bucket.above(path)) do
        for _, rest in ipairs(index.rests('a' .. TAB .. object .. TAB)) do
            ids[#ids + 1] = string.match(rest, '[^\t]*$')
        end
    end
    return ids
end

-- The owner's kept holds that cover an object.
function search.ownKeptCovering(path, owner)
    local ids = {}
    local function at(place, object)
        for _, kind in ipairs({ 'k', 'l', 'm' }) do
            local prefix = place .. TAB .. object .. TAB .. kind .. TAB .. owner.who .. TAB
            for _, rest in ipairs(index.rests(prefix)) do
                local id = string.match(rest, '[^\t]*$')
                if rule.belongsTo(bucket.read('h' .. TAB .. id), owner) then
                    ids[#ids + 1] = id
                end
            end
        end
    end
    at('o', path)
    for _, object in ipairs(bucket.above(path)) do
        at('a', object)
    end
    return ids
end

function search.ownKeptOn(path, owner)
    local ids = {}
    for _, id in ipairs(search.ownKeptCovering(path, owner)) do
        if bucket.read('h' .. TAB .. id).path == path then
            ids[#ids + 1] = id
        end
    end
    return ids
end
