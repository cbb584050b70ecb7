-- Most requests are for one scoped hold near which nobody has anything, and most holds are given back when nobody waits. They end
-- here, before anything of what follows has to be defined: that is several times as fast. What is written is what the other
-- chapters would write: a plain hold is one line of text, and so is a tree in which nobody waits and nothing has a lease.

-- The names of a plain hold in the index, with a score before each if `step` is 2 and not 1.
local function plainNames(step, id, path, terms, whose, process)
    local rest = TAB .. (string.byte(terms, 3) == 88 and 's' or 'u') .. TAB .. whose .. TAB .. id
    local names = { 0, 0, 0 }
    names[step] = 'o' .. TAB .. path .. rest
    local last = 2 * step
    names[last] = 'p' .. TAB .. process .. TAB .. path .. TAB .. id
    if string.byte(terms, 2) == 84 then
        last = last + step
        names[last - 1] = names[last - 1] or 0
        names[last] = 'a' .. TAB .. path .. rest
    end
    local slash = string.find(path, '/', 1, true)
    while slash do
        last = last + step
        names[last - 1] = names[last - 1] or 0
        names[last] = 'b' .. TAB .. string.sub(path, 1, slash - 1) .. rest
        slash = string.find(path, '/', slash + 1, true)
    end
    return unpack(names, 1, last)
end

-- Whose: user, mode, client and flow, as holds at one place are sorted.
local function whose(user, terms, client, flow)
    local who = user ~= '' and 'u' .. user or 'f' .. client .. '/' .. flow
    return who .. TAB .. string.sub(terms, 1, 1) .. TAB .. client .. TAB .. flow
end

local PLAIN = '^(%a%a%a%a%a)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t'

if OPERATION == 'giveBack' and ACKNOWLEDGED == '' and ARGV[6] == '1' then
    local id, root = ARGV[5], ARGV[7]
    local there = redis.call('HMGET', STATE, 'h' .. TAB .. id, 't' .. TAB .. root)
    local others = there[1] and tonumber(there[2])
    if others then
        local terms, path, user, client, flow, process = string.match(there[1], PLAIN)
        if terms then
            redis.call('ZREM', INDEX, plainNames(1, id, path, terms, whose(user, terms, client, flow), process))
            if others == 1 then
                redis.call('HDEL', STATE, 'h' .. TAB .. id, 't' .. TAB .. root)
            else
                redis.call('HDEL', STATE, 'h' .. TAB .. id)
                redis.call('HSET', STATE, 't' .. TAB .. root, others - 1)
            end
            return { '\0011', 1 }
        end
    end
end

local clock = redis.call('TIME')
clock = clock[1] * 1000000 + clock[2]

-- Microseconds. Only tests bring a time of their own; fences follow the clock of the server in any case.
local now = ARGV[2] == '' and clock or tonumber(ARGV[2])

-- Whether no hold overlaps with one on an object, and on all below it if it is for the tree.
local function isNobodyNear(path, tree)
    local function isEmpty(prefix)
        return #redis.call('ZRANGEBYLEX', INDEX, '[' .. prefix, '[' .. prefix .. '\255', 'LIMIT', 0, 1) == 0
    end
    -- An index that somebody has removed is empty too; that is seen to further down.
    if not redis.call('ZSCORE', INDEX, WHOLE) then
        return false
    end
    if not isEmpty('o' .. TAB .. path .. TAB) or tree and not isEmpty('b' .. TAB .. path .. TAB) then
        return false
    end
    local slash = string.find(path, '/', 1, true)
    while slash do
        if not isEmpty('a' .. TAB .. string.sub(path, 1, slash - 1) .. TAB) then
            return false
        end
        slash = string.find(path, '/', slash + 1, true)
    end
    return true
end

if OPERATION == 'ask' and ACKNOWLEDGED == '' and #ARGV == 12 and ARGV[12] == '' then
    local key, path, terms = ARGV[5], ARGV[10], ARGV[11]
    -- Scoped, and not of a transaction.
    if string.byte(terms, 4) == 83 and string.byte(ARGV[6], 3) == 48 then
        local root = string.match(path, '^[^/]*')
        local there = redis.call('HMGET', STATE,
            'P' .. TAB .. PROCESS, 't' .. TAB .. root, 'D' .. TAB .. key, 'fence', 'h' .. TAB .. key)
        local process = there[1] and cmsgpack.unpack(there[1])
        local others = not there[2] and 0 or tonumber(there[2])
        local tree = string.byte(terms, 2) == 84
        local lives = process and now < process.beat + process.timeout
        -- It may have been granted before, and moved since.
        local isNew = not there[3] and not there[5]
        if lives and others and isNew and (others == 0 or isNobodyNear(path, tree)) then
            local next = math.max((tonumber(there[4]) or 0) + 1, clock)
            local fence = string.format('%.0f', next)
            local since = now == next and fence or string.format('%.0f', now)
            local user, client, flow = ARGV[7], ARGV[8], ARGV[9]
            local ofWhom = whose(user, terms, client, flow)
            redis.call('ZADD', INDEX, plainNames(2, key, path, terms, ofWhom, PROCESS))
            local hold = terms .. TAB .. path .. TAB .. user .. TAB .. client .. TAB .. flow .. TAB .. PROCESS .. TAB
                .. fence .. TAB .. since
            redis.call('HSET', STATE, 'fence', fence, 'h' .. TAB .. key, hold, 't' .. TAB .. root, others + 1)
            return { '\0013', 'granted', fence, '0' }
        end
    end
end
