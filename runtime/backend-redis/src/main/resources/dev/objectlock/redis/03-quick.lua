-- Most requests find nobody in their tree, and most holds are given back when nobody waits. They end here, before anything of
-- what follows has to be defined: that is several times as fast. What is written is what the other chapters write.
local isSomethingOver = #redis.call('ZRANGEBYSCORE', DEADLINES, '-inf', now, 'LIMIT', 0, 1) > 0

if not isSomethingOver and ACKNOWLEDGED == '' then
    if OPERATION == 'ask' and #ARGV == 12 and ARGV[12] == '' then
        local key, manner, user, client, flow = ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]
        local path, terms = ARGV[10], ARGV[11]
        local root = string.match(path, '^[^/]*')
        local there = redis.call('HMGET', STATE, 'P' .. TAB .. PROCESS, 't' .. TAB .. root, 'D' .. TAB .. key, 'fence')
        local isPlain = string.sub(terms, 4, 4) == 'S' and string.sub(manner, 3, 3) == '0'
        if isPlain and there[1] and not there[2] and not there[3] then
            local fence = math.max((there[4] and cmsgpack.unpack(there[4]) or 0) + 1, clock)
            local hold = {
                path = path, mode = string.sub(terms, 1, 1), tree = string.sub(terms, 2, 2) == 'T',
                access = string.sub(terms, 3, 3), kept = false, renewal = string.sub(terms, 5, 5),
                user = user ~= '' and user or nil, client = client, flow = flow,
                who = user ~= '' and 'u' .. user or 'f' .. client .. '/' .. flow,
                process = PROCESS, ask = key, fence = fence, since = now, used = now,
            }
            local scored = {}
            for _, name in ipairs(index.namesOf(key, hold)) do
                scored[#scored + 1] = 0
                scored[#scored + 1] = name
            end
            redis.call('ZADD', INDEX, unpack(scored))
            redis.call('HSET', STATE, 'fence', cmsgpack.pack(fence), 'h' .. TAB .. key, cmsgpack.pack(hold),
                't' .. TAB .. root, cmsgpack.pack({ holds = 1, leased = 0, line = {} }))
            return { REPLY .. 3, 'granted', bucket.digits(fence), '0' }
        end
    elseif OPERATION == 'giveBack' and ARGV[6] == '1' then
        local id, root = ARGV[5], ARGV[7]
        local there = redis.call('HMGET', STATE, 'h' .. TAB .. id, 't' .. TAB .. root)
        local hold = there[1] and cmsgpack.unpack(there[1])
        local tree = there[2] and cmsgpack.unpack(there[2])
        if hold and not hold.uses and not hold.longest and #tree.line == 0 then
            redis.call('ZREM', INDEX, unpack(index.namesOf(id, hold)))
            if tree.holds == 1 then
                redis.call('HDEL', STATE, 'h' .. TAB .. id, 't' .. TAB .. root)
            else
                tree.holds = tree.holds - 1
                redis.call('HDEL', STATE, 'h' .. TAB .. id)
                redis.call('HSET', STATE, 't' .. TAB .. root, cmsgpack.pack(tree))
            end
            return { REPLY .. 1, 1 }
        end
    end
end
