-- Finding the holds that conflict with a claim by a few ranges of the index, however many there are. Holds at one place are
-- sorted by what the rule tells apart: kind, user, mode, client, flow. If the first and the last of a range are the asker's
-- own, all of it is.
--
-- Kinds: k kept, l kept slot, s scoped, t scoped slot. Places, each followed by a path: o on the object; a on it and covering
-- what is below; b somewhere below. A capital letter has the EXCLUSIVE ones only. All these names:
--
--   o/O/a/A/b/B path kind who mode client flow id     n path id             narrowed to an extent
--   c path kind id            a slot                  u path who id         kept, renewed by use, on the object
--   p process path id         of a process            v path who id         the same, below
--   y who id                  kept, of a user         z who client id       kept, of a client
--   q ask id                  kept, made by a request
local KINDS = { 'k', 'l', 's', 't' }
local MODES = { 'U', 'C', 'M' }

local function isRenewedByUse(hold)
    return hold.kept and hold.lease and hold.renewal ~= 'N'
end

local function namesOf(id, hold)
    local kind = hold.slots and (hold.kept and 'l' or 't') or hold.kept and 'k' or 's'
    local path, who = hold.path, hold.who
    local rest = TAB .. kind .. TAB .. who .. TAB .. hold.mode .. TAB .. hold.client .. TAB .. hold.flow .. TAB .. id
    local exclusive = hold.access == 'X'
    local names = { 'o' .. TAB .. path .. rest, 'p' .. TAB .. hold.process .. TAB .. path .. TAB .. id }
    local function add(name)
        names[#names + 1] = name
    end
    if exclusive then
        add('O' .. TAB .. path .. rest)
    end
    if hold.tree then
        add('a' .. TAB .. path .. rest)
        if exclusive then
            add('A' .. TAB .. path .. rest)
        end
    end
    local higher = above(path)
    for _, object in ipairs(higher) do
        add('b' .. TAB .. object .. rest)
        if exclusive then
            add('B' .. TAB .. object .. rest)
        end
    end
    if hold.from then
        add('n' .. TAB .. path .. TAB .. id)
    end
    if hold.slots then
        add('c' .. TAB .. path .. TAB .. kind .. TAB .. id)
    end
    if hold.kept then
        add(hold.mode == 'U' and 'y' .. TAB .. who .. TAB .. id or 'z' .. TAB .. who .. TAB .. hold.client .. TAB .. id)
        if not hold.takenAgain then
            add('q' .. TAB .. hold.ask .. TAB .. id)
        end
        if isRenewedByUse(hold) then
            add('u' .. TAB .. path .. TAB .. who .. TAB .. id)
            for _, object in ipairs(higher) do
                add('v' .. TAB .. object .. TAB .. who .. TAB .. id)
            end
        end
    end
    return names
end

local FIELDS = '^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$'

-- Whether a hold of the same user and a claim admit each other whatever their clients.
local function sameUserIsEnough(mode, kept, claim)
    return mode == 'U' and kept or claim.mode == 'U' and claim.kept or mode ~= 'C' and claim.mode ~= 'C'
end

-- A hold of one kind at one place that conflicts with a claim.
local function inKind(prefix, kind, claim, owner, on)
    local from = prefix .. kind .. TAB
    local any = first(from)
    if not any then
        return nil
    end
    local who, mode, client, flow, id = string.match(any, FIELDS, #from + 1)
    if who ~= owner.who then
        return id
    end
    who, mode, client, flow, id = string.match(last(from), FIELDS, #from + 1)
    if who ~= owner.who then
        return id
    end
    local kept = kind == 'k' or kind == 'l'
    for _, its in ipairs(MODES) do
        local bothMonitors = its == 'M' and claim.mode == 'M'
        local byClient = not bothMonitors and not sameUserIsEnough(its, kept, claim)
        local byFlow = on
            and (its == 'M' or claim.mode == 'M')
            and (its == 'M' or not kept)
            and (claim.mode == 'M' or not claim.kept)
        if byClient or byFlow then
            local own = from .. owner.who .. TAB .. its .. TAB
            any = first(own)
            for _, one in ipairs(any and { any, last(own) } or {}) do
                who, mode, client, flow, id = string.match(one, FIELDS, #from + 1)
                if client ~= owner.client or byFlow and flow ~= owner.flow then
                    return id
                end
            end
        end
    end
    return nil
end

local function isKind(name, at, kind)
    return string.sub(name, at, at) == kind
end

-- The conflicting hold that is named: a kept one if there is one; on the object, else the nearest above, else any below.
local function conflicting(claim, owner)
    if treeOf(rootOf(claim.path)).holds == 0 then
        return nil
    end
    local shared = claim.access == 'S'
    local scoped
    local function at(place, path, on)
        local prefix = place .. TAB .. path .. TAB
        if not first(prefix) then
            return nil
        end
        for _, kind in ipairs(KINDS) do
            local kept = kind == 'k' or kind == 'l'
            local bothSlots = claim.slots and (kind == 'l' or kind == 't')
            if not bothSlots and (kept or not scoped) then
                local found = inKind(prefix, kind, claim, owner, on)
                if found and kept then
                    return found
                end
                scoped = scoped or found
            end
        end
        return nil
    end
    -- Extents are compared one by one: there are as many as parts of one object are in use.
    local function oneByOne()
        local prefix = (shared and 'O' or 'o') .. TAB .. claim.path .. TAB
        for _, rest in ipairs(rests(prefix)) do
            local id = string.match(rest, '[^\t]*$')
            local hold = read('h' .. TAB .. id)
            if hold and conflict(hold, hold, claim, owner) then
                if hold.kept then
                    return id
                end
                scoped = scoped or id
            end
        end
        return nil
    end
    local found
    if claim.from or first('n' .. TAB .. claim.path .. TAB) then
        found = oneByOne()
    else
        found = at(shared and 'O' or 'o', claim.path, true)
    end
    if found then
        return found
    end
    for _, object in ipairs(above(claim.path)) do
        found = at(shared and 'A' or 'a', object, false)
        if found then
            return found
        end
    end
    return claim.tree and at(shared and 'B' or 'b', claim.path, false) or scoped
end

local function slotsOn(path)
    local prefix = 'c' .. TAB .. path .. TAB
    return redis.call('ZLEXCOUNT', INDEX, '[' .. prefix, '[' .. prefix .. '\255')
end

-- One who has a slot, a running call if there is one.
local function slotOn(path)
    local found = last('c' .. TAB .. path .. TAB)
    return found and string.match(found, '[^\t]*$')
end

-- The ids of the holds on an object, and of those below it.
local function on(path)
    local ids = rests('o' .. TAB .. path .. TAB)
    for i = 1, #ids do
        ids[i] = string.match(ids[i], '[^\t]*$')
    end
    return ids
end

local function under(path)
    local ids = on(path)
    for _, rest in ipairs(rests('o' .. TAB .. path .. '/')) do
        ids[#ids + 1] = string.match(rest, '[^\t]*$')
    end
    return ids
end

-- The holds on an object and the trees above it, nearest first.
local function covering(path)
    local ids = on(path)
    for _, object in ipairs(above(path)) do
        for _, rest in ipairs(rests('a' .. TAB .. object .. TAB)) do
            ids[#ids + 1] = string.match(rest, '[^\t]*$')
        end
    end
    return ids
end

-- The owner's kept holds that cover an object.
local function ownKeptCovering(path, owner)
    local ids = {}
    local function at(place, object)
        for _, kind in ipairs({ 'k', 'l' }) do
            local prefix = place .. TAB .. object .. TAB .. kind .. TAB .. owner.who .. TAB
            for _, rest in ipairs(rests(prefix)) do
                local id = string.match(rest, '[^\t]*$')
                if belongsTo(read('h' .. TAB .. id), owner) then
                    ids[#ids + 1] = id
                end
            end
        end
    end
    at('o', path)
    for _, object in ipairs(above(path)) do
        at('a', object)
    end
    return ids
end

local function ownKeptOn(path, owner)
    local ids = {}
    for _, id in ipairs(ownKeptCovering(path, owner)) do
        if read('h' .. TAB .. id).path == path then
            ids[#ids + 1] = id
        end
    end
    return ids
end
