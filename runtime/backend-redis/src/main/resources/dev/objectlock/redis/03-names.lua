-- The chapters. A script makes its functions anew with every run, and looks for each local of its own that they share: so they are
-- fields of these tables, and from here on all is inside of one function, which finds at once what is outside of it.
local bucket, index, args, rule, search, holds, line, clients, processes = {}, {}, {}, {}, {}, {}, {}, {}, {}
local operations = {}

local CHANNELS = string.sub(STATE, 1, -2)
local MOST_CLEARED = 256   -- by one request
local MOST_LOGGED = 1000
local MOST_LOOKED_AT = 16  -- in the line, for one who holds another off

local isSomethingOver = #redis.call('ZRANGEBYSCORE', DEADLINES, '-inf', now, 'LIMIT', 0, 1) > 0

-- Records are read once, changed in memory, and written together at the end.
local known, changed = {}, {}

-- What is told is sent when all is done: changes to everybody, messages to one process.
local events, messages = {}, {}

-- What the index has answered since it was changed last.
local ranges = {}

-- What is asked for: the arguments from the fifth on.
local at = 4

local KINDS = { 'k', 'l', 'm', 's', 't', 'u' }
local KIND_OF = { X = { [true] = 'k', [false] = 's' }, S = { [true] = 'm', [false] = 'u' } }
local KEPT = { k = true, l = true, m = true }
local SLOT = { l = true, t = true }
local SHARED = { m = true, u = true }
local MODES = { 'U', 'C', 'M' }
local DEAD = { reason = 'PROCESS_DEAD', ofClients = 'PROCESS_DEAD', kind = 'lost', extra = 'PROCESS_DEAD' }
local CLOSED = { reason = 'CLOSED', ofClients = 'SESSION_ENDED', kind = 'released', extra = '' }

local function chapters()

function bucket.digits(number)
    return string.format('%.0f', number)
end

-- The objects above one, nearest first.
function bucket.above(path)
    local all = {}
    for at = #path, 1, -1 do
        if string.byte(path, at) == 47 then
            all[#all + 1] = string.sub(path, 1, at - 1)
        end
    end
    return all
end

-- A hold, and how it is found: by ranges of names in the index.
--
-- Kinds: k kept, l kept slot, m kept and SHARED; s, t, u the same of scoped ones. Places, each followed by a path: o on the
-- object; a on it and covering what is below; b somewhere below. All these names:
--
--   o/a/b path kind who mode client flow id           n path id             narrowed to an extent
--   c path kind id            a slot                  u path who id         kept, renewed by use, on the object
--   p process path id         of a process            v path who id         the same, below
--   y who id                  kept, of a user         z who client id       kept, of a client
--   q ask id                  kept, made by a request

function index.isRenewedByUse(hold)
    return hold.kept and hold.lease and hold.renewal ~= 'N'
end

function index.namesOf(id, hold)
    local kind = hold.slots and (hold.kept and 'l' or 't') or KIND_OF[hold.access][hold.kept]
    local path, who = hold.path, hold.who
    local rest = TAB .. kind .. TAB .. who .. TAB .. hold.mode .. TAB .. hold.client .. TAB .. hold.flow .. TAB .. id
    local names = { 'o' .. TAB .. path .. rest, 'p' .. TAB .. hold.process .. TAB .. path .. TAB .. id }
    local function add(name)
        names[#names + 1] = name
    end
    if hold.tree then
        add('a' .. TAB .. path .. rest)
    end
    local higher = bucket.above(path)
    for _, object in ipairs(higher) do
        add('b' .. TAB .. object .. rest)
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
        if index.isRenewedByUse(hold) then
            add('u' .. TAB .. path .. TAB .. who .. TAB .. id)
            for _, object in ipairs(higher) do
                add('v' .. TAB .. object .. TAB .. who .. TAB .. id)
            end
        end
    end
    return names
end
