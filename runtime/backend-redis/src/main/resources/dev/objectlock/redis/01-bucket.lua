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

-- The chapters. Functions are fields of these and not locals: a script makes its functions anew with every run, and each local
-- that they share costs time.
local bucket, index, args, rule, search, holds, line, clients, processes = {}, {}, {}, {}, {}, {}, {}, {}, {}

local MOST_CLEARED = 256   -- by one request
local MOST_LOGGED = 1000

local clock = redis.call('TIME')
clock = clock[1] * 1000000 + clock[2]

-- Microseconds. Only tests bring a time of their own; fences follow the clock of the server in any case.
local now = ARGV[2] == '' and clock or tonumber(ARGV[2])

function bucket.digits(number)
    return string.format('%.0f', number)
end

-- Records are read once, changed in memory, and written together at the end.
local known, changed = {}, {}

function bucket.read(name)
    local record = known[name]
    if record == nil then
        local raw = redis.call('HGET', STATE, name)
        record = raw and cmsgpack.unpack(raw)
        known[name] = record
    end
    return record or nil
end

function bucket.readAhead(names)
    local raw = redis.call('HMGET', STATE, unpack(names))
    for i = 1, #names do
        known[names[i]] = raw[i] and cmsgpack.unpack(raw[i])
    end
end

function bucket.write(name, record)
    known[name] = record
    changed[name] = true
end

function bucket.erase(name)
    known[name] = false
    changed[name] = true
end

-- Runs a command on many things: an argument list has a limit.
function bucket.command(name, key, list)
    for from = 1, #list, 1000 do
        redis.call(name, key, unpack(list, from, math.min(#list, from + 999)))
    end
end

-- The fence of a bucket. It follows the clock, so that neither a flush nor a lost second of writes takes it back.
function bucket.nextFence()
    local fence = math.max((bucket.read('fence') or 0) + 1, clock)
    bucket.write('fence', fence)
    return fence
end

-- All holds and waiters of one root.
function bucket.treeOf(root)
    local tree = bucket.read('t' .. TAB .. root)
    if not tree then
        tree = { holds = 0, leased = 0, line = {} }
        known['t' .. TAB .. root] = tree
    end
    return tree
end

function bucket.keepTree(root, tree)
    if tree.holds == 0 and #tree.line == 0 then
        bucket.erase('t' .. TAB .. root)
    else
        bucket.write('t' .. TAB .. root, tree)
    end
end

function bucket.rootOf(path)
    return string.match(path, '^[^/]*')
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

-- What is told is sent when all is done: changes to everybody, messages to one process.
local events, messages = {}, {}

function bucket.finish()
    local sets, deletions = {}, {}
    for name in pairs(changed) do
        if known[name] then
            sets[#sets + 1] = name
            sets[#sets + 1] = cmsgpack.pack(known[name])
        else
            deletions[#deletions + 1] = name
        end
    end
    bucket.command('HSET', STATE, sets)
    bucket.command('HDEL', STATE, deletions)
    if #events > 0 then
        bucket.command('RPUSH', LOG, events)
        redis.call('LTRIM', LOG, -MOST_LOGGED, -1)
        for _, event in ipairs(events) do
            redis.call('PUBLISH', CHANNELS .. 'events', event)
        end
    end
    for _, message in ipairs(messages) do
        redis.call('PUBLISH', CHANNELS .. 'process:' .. message[1], message[2])
    end
end

function index.enter(names)
    local scored = {}
    for i = 1, #names do
        scored[2 * i - 1] = 0
        scored[2 * i] = names[i]
    end
    bucket.command('ZADD', INDEX, scored)
end

function index.strike(names)
    bucket.command('ZREM', INDEX, names)
end
