-- One bucket: all that is known of its roots lies in four keys of one hash slot. Every operation of the backend is one run of
-- this script. Names in keys are escaped, so that no tab and no line feed is ever part of one.
local STATE = KEYS[1]      -- hash: records by name, the fence, the messages to processes
local INDEX = KEYS[2]      -- sorted set, all with score 0: what is found by a range of names
local DEADLINES = KEYS[3]  -- sorted set: when what is over by itself
local LOG = KEYS[4]        -- list: the last changes to kept holds

local OPERATION = ARGV[1]
local PROCESS = ARGV[3]    -- who asks
local ACKNOWLEDGED = ARGV[4]
local CHANNELS = string.sub(STATE, 1, -2)

local TAB = '\t'
local MOST_CLEARED = 256   -- by one request
local MOST_LOGGED = 1000

local clock = redis.call('TIME')
clock = clock[1] * 1000000 + clock[2]

-- Microseconds. Only tests bring a time of their own; fences follow the clock of the server in any case.
local now = ARGV[2] == '' and clock or tonumber(ARGV[2])

local function digits(number)
    return string.format('%.0f', number)
end

-- Records are read once, changed in memory, and written together at the end.
local known, changed = {}, {}

local function read(name)
    local record = known[name]
    if record == nil then
        local raw = redis.call('HGET', STATE, name)
        record = raw and cmsgpack.unpack(raw)
        known[name] = record
    end
    return record or nil
end

local function readAhead(names)
    local raw = redis.call('HMGET', STATE, unpack(names))
    for i = 1, #names do
        known[names[i]] = raw[i] and cmsgpack.unpack(raw[i])
    end
end

local function write(name, record)
    known[name] = record
    changed[name] = true
end

local function erase(name)
    known[name] = false
    changed[name] = true
end

local function tooManyAtOnce(list, work)
    for from = 1, #list, 1000 do
        work(unpack(list, from, math.min(#list, from + 999)))
    end
end

-- The fence of a bucket. It follows the clock, so that neither a flush nor a lost second of writes takes it back.
local function nextFence()
    local fence = math.max((read('fence') or 0) + 1, clock)
    write('fence', fence)
    return fence
end

-- All holds and waiters of one root.
local function treeOf(root)
    local tree = read('t' .. TAB .. root)
    if not tree then
        tree = { holds = 0, leased = 0, line = {} }
        known['t' .. TAB .. root] = tree
    end
    return tree
end

local function keepTree(root, tree)
    if tree.holds == 0 and #tree.line == 0 then
        erase('t' .. TAB .. root)
    else
        write('t' .. TAB .. root, tree)
    end
end

local function rootOf(path)
    return string.match(path, '^[^/]*')
end

-- The objects above one, nearest first.
local function above(path)
    local all = {}
    for at = #path, 1, -1 do
        if string.byte(path, at) == 47 then
            all[#all + 1] = string.sub(path, 1, at - 1)
        end
    end
    return all
end

local function isAtOrAbove(path, other)
    return path == other or string.sub(other, 1, #path + 1) == path .. '/'
end

-- What is told is sent when all is done: changes to everybody, messages to one process.
local events, messages = {}, {}

local function announce(kind, extra, holds)
    local number = nextFence()
    local last = read('lastEvent') or 0
    write('lastEvent', number)
    local head = { digits(last), digits(number), digits(now), kind, extra }
    events[#events + 1] = table.concat(head, TAB) .. '\n' .. table.concat(holds, '\n')
end

-- Numbered and kept until the process has acknowledged it: the channel only makes it fast.
local function tell(process, message)
    local record = read('P' .. TAB .. process)
    if not record then
        return
    end
    record.last = record.last + 1
    write('P' .. TAB .. process, record)
    local numbered = digits(record.last) .. TAB .. message
    write('m' .. TAB .. process .. TAB .. digits(record.last), numbered)
    messages[#messages + 1] = { process, numbered }
end

local function acknowledge(process, number)
    local record = read('P' .. TAB .. process)
    if record and record.first <= number then
        for one = record.first, math.min(number, record.last) do
            erase('m' .. TAB .. process .. TAB .. digits(one))
        end
        record.first = math.min(number, record.last) + 1
        write('P' .. TAB .. process, record)
    end
end

local function finish()
    local sets, deletions = {}, {}
    for name in pairs(changed) do
        if known[name] then
            sets[#sets + 1] = name
            sets[#sets + 1] = cmsgpack.pack(known[name])
        else
            deletions[#deletions + 1] = name
        end
    end
    tooManyAtOnce(sets, function(...) redis.call('HSET', STATE, ...) end)
    tooManyAtOnce(deletions, function(...) redis.call('HDEL', STATE, ...) end)
    if #events > 0 then
        tooManyAtOnce(events, function(...) redis.call('RPUSH', LOG, ...) end)
        redis.call('LTRIM', LOG, -MOST_LOGGED, -1)
        for _, event in ipairs(events) do
            redis.call('PUBLISH', CHANNELS .. 'events', event)
        end
    end
    for _, message in ipairs(messages) do
        redis.call('PUBLISH', CHANNELS .. 'process:' .. message[1], message[2])
    end
end

-- The names in the index that begin with a prefix.
local function first(prefix)
    return redis.call('ZRANGEBYLEX', INDEX, '[' .. prefix, '[' .. prefix .. '\255', 'LIMIT', 0, 1)[1]
end

local function last(prefix)
    return redis.call('ZREVRANGEBYLEX', INDEX, '[' .. prefix .. '\255', '[' .. prefix, 'LIMIT', 0, 1)[1]
end

local function all(prefix, most)
    return redis.call('ZRANGEBYLEX', INDEX, '[' .. prefix, '[' .. prefix .. '\255', 'LIMIT', 0, most or -1)
end

-- What comes after the prefix in each of these names.
local function rests(prefix, most)
    local names = all(prefix, most)
    for i = 1, #names do
        names[i] = string.sub(names[i], #prefix + 1)
    end
    return names
end

local function enter(names)
    local pairs_ = {}
    for i = 1, #names do
        pairs_[2 * i - 1] = 0
        pairs_[2 * i] = names[i]
    end
    tooManyAtOnce(pairs_, function(...) redis.call('ZADD', INDEX, ...) end)
end

local function strike(names)
    tooManyAtOnce(names, function(...) redis.call('ZREM', INDEX, ...) end)
end
