/*
 * The doorbell of a completion vector: messages to its actors and completions of its queues ring the same bell, and one thread sleeps on it.
 *
 *   Sender    CompletionQueueExecutor.Execute, Doorbell.Ring
 *   Device    a completion queue: it completes, and, where it is armed, rings (Doorbell.Ring)
 *   Vector    CompletionQueueExecutor.Run, CompletionVector.DoWork, CompletionVector.TryIdle; the thread ends when the executor is shut down,
 *             and one that rings after that begins another
 *   Shutdown  CompletionQueueExecutor.Shutdown
 *
 * Memory is that of x86 (TSO), as in wakeup.pml. Nothing is asked of the calls that wake: they drain no store buffer.
 *
 * Property: every message is run and every completion handled, and after the shutdown the thread ends. A lost wake-up is an invalid end
 * state: the thread sleeps, or is gone, with work left. There is never more than one thread.
 *
 * NO_SOURCE: a vector without a completion queue, whose arming has a fence that the bell would otherwise need.
 *
 * Variants that must fail: NO_FENCE_RING, NO_FENCE_SLEEP with NO_SOURCE, NO_FENCE_ARM, NO_POLL, LATE_ANNOUNCE, PLAIN_CLEAR, NO_LOOK.
 */

#ifndef MESSAGES
#define MESSAGES 2
#endif
#ifdef NO_SOURCE
#define COMPLETIONS 0
#else
#define COMPLETIONS 2
#endif

/* SleepAnnouncement */
#define AWAKE  0
#define ASLEEP 1
#define ABSENT 2

/* Memory of the process. */
#define BELL  0   /* the announcement */
#define WORK  1   /* mailboxes queued so far */
#define DONE  2   /* completions so far */
#define ARMED 3   /* the completion queue rings at its next completion */
#define LEASE 4   /* the executor is in use */
byte mem[5];

#define SENDER  0
#define DEVICE  1
#define VECTOR  2
chan buffer[3] = [2] of { byte, byte };

bool event;       /* the AutoResetEvent */
bool begin;       /* a thread has been started, and has not got so far yet */
bool running;

byte ran, handled;

#define drained(t) empty(buffer[t])

inline store(t, address, value) { buffer[t]!address,value }

/* Interlocked.Exchange. */
inline exchange(t, address, value, old) {
  atomic { drained(t); old = mem[address]; mem[address] = value }
}

/* Doorbell.Ring. */
inline ring(t, kind) {
#ifndef NO_FENCE_RING
  drained(t);                                 /* Interlocked.MemoryBarrier */
#endif
  if                                          /* a thread sees its own stores */
  :: buffer[t]??[BELL,AWAKE] -> kind = AWAKE
  :: else -> kind = mem[BELL]
  fi;
  if
  :: kind != AWAKE ->
#ifdef PLAIN_CLEAR
    store(t, BELL, AWAKE)
#else
    exchange(t, BELL, AWAKE, kind)
#endif
  :: else
  fi;
  if
  :: kind == AWAKE
  :: kind == ASLEEP -> event = true
  :: kind == ABSENT -> atomic { assert(!running && !begin); begin = true }
  fi;
  kind = 0
}

/* The store buffers empty themselves whenever they like. */
proctype Memory() {
  byte address, value;
end:
  do
  :: atomic { buffer[SENDER]?address,value -> mem[address] = value; address = 0; value = 0 }
  :: atomic { buffer[DEVICE]?address,value -> mem[address] = value; address = 0; value = 0 }
  :: atomic { buffer[VECTOR]?address,value -> mem[address] = value; address = 0; value = 0 }
  od
}

proctype Sender() {
  byte sent, kind;
  do
  :: sent < MESSAGES ->
    sent++;
    store(SENDER, WORK, sent);
    ring(SENDER, kind)
  :: else -> break
  od
}

proctype Device() {
  byte completed, kind, armed;
  do
  :: completed < COMPLETIONS ->
    completed++;
    store(DEVICE, DONE, completed);
    drained(DEVICE);                          /* a completion is visible before its queue is looked at: the queue's own contract */
    if
    :: mem[ARMED] == 1 -> exchange(DEVICE, ARMED, 0, armed)
    :: else
    fi;
    if
    :: armed -> ring(DEVICE, kind)
    :: else
    fi;
    armed = 0
  :: else -> break
  od
}

proctype Shutdown() {
  bool slept;
  mem[LEASE] = 0;                             /* Interlocked.Decrement */
  atomic {                                    /* Doorbell.WakeSleeper */
    slept = (mem[BELL] == ASLEEP);
    if
    :: slept -> mem[BELL] = AWAKE
    :: else
    fi
  };
  if
  :: slept -> event = true
  :: else
  fi
}

inline announce() {
#ifdef NO_FENCE_SLEEP
  store(VECTOR, BELL, ASLEEP)
#else
  exchange(VECTOR, BELL, ASLEEP, old)
#endif
}

/* ICompletionSource.Arm: with a full fence. */
inline arm() {
#ifdef NO_FENCE_ARM
  store(VECTOR, ARMED, 1)
#else
  exchange(VECTOR, ARMED, 1, old)
#endif
}

proctype Vector() {
  byte old;
  bool found;
  goto absent;
working:
  do
  :: mem[WORK] != ran -> ran++                /* CompletionVector.DoWork */
  :: mem[DONE] != handled -> handled++
  :: true ->                                  /* CompletionVector.TryIdle, whenever the thread likes */
    found = false;
#ifndef LATE_ANNOUNCE
    announce();
#endif
#ifndef NO_SOURCE
    arm();
#endif
#ifndef NO_POLL
    if
    :: mem[DONE] != handled -> handled++; found = true
    :: else
    fi;
#endif
#ifdef LATE_ANNOUNCE
    announce();
#endif
#ifndef NO_LOOK
    if
    :: mem[WORK] != ran -> found = true
    :: else
    fi;
#endif
    old = 0;
    if
    :: found
    :: !found && mem[LEASE] != 0 ->           /* Doorbell.Wait */
      atomic { event -> event = false }
    :: !found && mem[LEASE] == 0 ->           /* Doorbell.TryLeave: a compare-exchange */
      atomic {
        drained(VECTOR);
        if
        :: mem[BELL] == ASLEEP -> mem[BELL] = ABSENT; running = false; goto absent
        :: else
        fi
      }
    fi;
    store(VECTOR, BELL, AWAKE)                /* Doorbell.Withdraw: a plain store */
  od;
absent:
  if
  :: atomic { begin -> begin = false; running = true }
  :: !begin && ran == MESSAGES && handled == COMPLETIONS ->
end_absent:
    atomic { begin -> begin = false; running = true }
  fi;
  goto working
}

init {
  atomic {
    mem[BELL] = ABSENT;
    mem[LEASE] = 1;
    run Memory();
    run Sender();
    run Device();
    run Shutdown();
    run Vector()
  }
}
