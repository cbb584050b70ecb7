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
local REPLY = '\1'       -- what every reply begins with, and how many parts follow

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
