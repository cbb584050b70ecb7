-- One bucket: all that is known of its roots lies in four keys of one hash slot. Every operation of the backend is one run of
-- this script. Names in keys are escaped, so that no tab and no line feed is ever part of one.
local STATE = KEYS[1]      -- hash: records by name, the fence, the messages to processes
local INDEX = KEYS[2]      -- sorted set, all with score 0: what is found by a range of names
local DEADLINES = KEYS[3]  -- sorted set: when what is over by itself
local LOG = KEYS[4]        -- list: the last changes to kept holds

local OPERATION = ARGV[1]
local PROCESS = ARGV[3]    -- who asks
local ACKNOWLEDGED = ARGV[4]

local TAB = '\t'
local WHOLE = 'e\tepoch'   -- a name that INDEX and DEADLINES have as long as nobody has removed them
local REPLY = '\1'         -- what every reply begins with, and how many parts follow
