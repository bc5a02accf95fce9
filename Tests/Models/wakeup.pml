/*
 * Wake-ups of one direction of a connection: a writer in one process, a reader and its wake thread in another.
 *
 *   Writer     SmcdWriter.Publish, SmcdPath.Wake, SleepWord.TakeSleeper, PeerBell.Ring
 *   Reader     SmcdHalf.Sleep (a thread that sleeps on its own word), PendingOperation.Arm (an asynchronous read)
 *   WakeThread WakeThread.Run, OwnBell.Arm/TakeReady/Disarm, SmcdHalf.OnRung
 *
 * Memory is that of x86 (TSO): a plain store waits in the store buffer of its thread and becomes visible later, in order; fences, atomic
 * operations and futex calls (the kernel fences before it compares, and before it looks for sleepers) drain the buffer first.
 *
 * A peer that wakes for nothing spends its budget (WakeBudget): the reader then sleeps PAUSES times where nobody can wake it, and the wake thread
 * leaves MUTES turns of this connection out, without an announcement on its bell. Both come back by time.
 *
 * Left out, because each of them would hide a lost wake-up: other time-outs, the sweep once a second, and all but SPURIOUS spurious wake-ups.
 *
 * Property: every message is read. A lost wake-up is an invalid end state: the reader sleeps and nobody can move.
 *
 * Variants that must fail: NO_FENCE_WRITER, NO_FENCE_READER, PLAIN_CLEAR, NO_RECHECK, DEAF_READ (a turn that is left out takes the ready bit).
 * NO_SYNC and NO_ASYNC leave one kind of sleep out.
 */

#ifndef MESSAGES
#define MESSAGES 3
#endif
#ifndef SPURIOUS
#define SPURIOUS 1
#endif
#ifndef PAUSES
#define PAUSES 1
#endif
#ifndef MUTES
#define MUTES 1
#endif

/* SleepWord.Awake, Thread, Callback */
#define AWAKE    0
#define THREAD   1
#define CALLBACK 2

/* Shared memory. */
#define CURSOR 0   /* CDC word one */
#define SLEEP  1   /* the reader's sleep word in the control region */
#define BELL   2   /* the sleep word of the wake thread */
#define READY  3   /* the bitmap: one connection, one bit */
byte mem[4];

/* Threads, with their store buffers and their place in the kernel's futex queue. */
#define WRITER 0
#define READER 1
#define WAKER  2
chan buffer[3] = [2] of { byte, byte };
bool asleep[3];
byte spurious = SPURIOUS;
byte pauses = PAUSES;
byte mutes = MUTES;

/* PendingOperation._state, and the thread pool's queue. */
#define IDLE    0
#define ARMED   1
#define CLAIMED 2
byte operation;
bool queued;

#define drained(t) empty(buffer[t])

inline store(t, address, value) { buffer[t]!address,value }
inline fence(t)                 { drained(t) }

/* Interlocked.Exchange. */
inline exchange(t, address, value, old) {
  atomic { drained(t); old = mem[address]; mem[address] = value }
}

/* Futex.Wait: compares and sleeps in one step. Returns at once where the word differs. */
inline futexWait(t, address, expected) {
  atomic {
    drained(t);
    if
    :: mem[address] == expected -> asleep[t] = true
    :: else
    fi
  }
  if
  :: !asleep[t]
  :: atomic { asleep[t] && spurious > 0 -> spurious--; asleep[t] = false }
  fi
}

/* Futex.WakeAll. */
inline futexWake(t, sleeper) {
  atomic { drained(t); asleep[sleeper] = false }
}

/* PendingOperation.TryClaim. */
inline tryClaim(t, won) {
  atomic {
    drained(t);
    won = (operation == ARMED);
    if
    :: won -> operation = CLAIMED
    :: else
    fi
  }
}

/* The store buffers empty themselves whenever they like. */
active proctype Memory() {
  byte address, value;
end:
  do
  :: atomic { buffer[WRITER]?address,value -> mem[address] = value; address = 0; value = 0 }
  :: atomic { buffer[READER]?address,value -> mem[address] = value; address = 0; value = 0 }
  :: atomic { buffer[WAKER]?address,value -> mem[address] = value; address = 0; value = 0 }
  od
}

active proctype Writer() {
  byte produced, kind, bell;
  do
  :: produced < MESSAGES ->
    produced++;
    store(WRITER, CURSOR, produced);          /* CdcPublisher.PublishProducer */
#ifndef NO_FENCE_WRITER
    fence(WRITER);                            /* Interlocked.MemoryBarrier */
#endif
    /* SleepWord.TakeSleeper: a plain load, then the exchange. */
    if
    :: buffer[WRITER]??[SLEEP,AWAKE] -> kind = AWAKE     /* a thread sees its own stores */
    :: else -> kind = mem[SLEEP]
    fi;
    if
    :: kind == THREAD || kind == CALLBACK ->
#ifdef PLAIN_CLEAR
      store(WRITER, SLEEP, AWAKE);
#else
      exchange(WRITER, SLEEP, AWAKE, kind);
#endif
    :: else
    fi;
    if
    :: kind == AWAKE
    :: kind == THREAD -> futexWake(WRITER, READER)
    :: kind == CALLBACK ->                    /* PeerBell.Ring */
      atomic { drained(WRITER); mem[READY] = 1 };
      if
      :: mem[BELL] != AWAKE ->
        exchange(WRITER, BELL, AWAKE, bell);
        if
        :: bell != AWAKE -> futexWake(WRITER, WAKER)
        :: else
        fi
      :: else
      fi;
      bell = 0
    fi;
    kind = 0
  :: else -> break
  od
}

/* SleepWord.Announce. */
inline announce(kind) {
#ifdef NO_FENCE_READER
  store(READER, SLEEP, kind);
#else
  atomic { drained(READER); mem[SLEEP] = kind };
#endif
}

/* SmcdHalf.Withdraw. */
inline withdraw() {
  atomic {
    drained(READER);
    if
    :: mem[SLEEP] == THREAD || mem[SLEEP] == CALLBACK -> mem[SLEEP] = AWAKE
    :: else
    fi
  }
}

active proctype Reader() {
  byte consumed;
  bool won;
  do
  :: consumed == MESSAGES -> break
  :: else ->
    /* TryRead: takes all there is. */
    if
    :: atomic { mem[CURSOR] != consumed -> consumed = mem[CURSOR] }
    :: mem[CURSOR] == consumed ->
      if
#ifndef NO_SYNC
      :: true ->                              /* SmcdHalf.Sleep */
        announce(THREAD);
        do
#ifndef NO_RECHECK
        :: mem[CURSOR] != consumed -> break
        :: mem[CURSOR] == consumed ->
#else
        :: true ->
#endif
          if
          :: true -> futexWait(READER, SLEEP, THREAD)
          :: pauses > 0 -> pauses--           /* Thread.Sleep: time ends it */
          fi;
#ifdef NO_RECHECK
          if
          :: mem[CURSOR] != consumed -> break
          :: else
          fi;
#endif
          if
          :: mem[SLEEP] != THREAD -> announce(THREAD)
          :: else
          fi
        od;
        withdraw()
#endif
#ifndef NO_ASYNC
      :: true ->                              /* PendingOperation.Begin */
        do
        :: true ->                            /* PendingOperation.Arm */
          operation = ARMED;                  /* announced with a full fence, so not worth a place in the store buffer */
          announce(CALLBACK);
          won = false;
#ifndef NO_RECHECK
          if
          :: mem[CURSOR] != consumed -> tryClaim(READER, won)
          :: mem[CURSOR] == consumed
          fi;
#endif
          if
          :: won
          :: else -> atomic { queued -> queued = false }   /* Execute, on the thread pool */
          fi;
          won = false;
          if                                  /* TryStep */
          :: atomic { mem[CURSOR] != consumed -> consumed = mem[CURSOR] }; break
          :: mem[CURSOR] == consumed          /* nothing: arm again */
          fi
        od;
        withdraw();                           /* PendingOperation.End */
        operation = IDLE
#endif
      fi
    fi
  od
}

active proctype WakeThread() {
  byte ready, old;
  bool won;
  do
  :: mutes > 0 ->                             /* Served.Listen: not heard. It sleeps on its own doorbell, until time has paid */
    mutes--;
#ifdef DEAF_READ
    exchange(WAKER, READY, 0, ready);
    ready = 0;
#endif
    old = 0
  :: true ->
    exchange(WAKER, BELL, THREAD, old);       /* OwnBell.Arm, with a full fence */
    ready = 0;
    if                                        /* OwnBell.TakeReady */
    :: mem[READY] != 0 -> exchange(WAKER, READY, 0, ready)
    :: mem[READY] == 0
    fi;
    if
    :: ready != 0 ->                          /* SmcdHalf.OnRung, PendingOperation.Signal */
      if
      :: mem[SLEEP] == AWAKE ->
        tryClaim(WAKER, won);
        if
        :: won -> queued = true
        :: else
        fi;
        won = false
      :: mem[SLEEP] == THREAD || mem[SLEEP] == CALLBACK   /* announced since: whoever announced has looked after the cursor was stored */
      fi
    :: else ->
      atomic {
        drained(WAKER);
        if
        :: mem[BELL] == THREAD -> asleep[WAKER] = true
        :: else
        fi
      };
end:                                          /* sleeping is how a wake thread ends up */
      if
      :: !asleep[WAKER]
      :: atomic { asleep[WAKER] && spurious > 0 -> spurious--; asleep[WAKER] = false }
      fi
    fi;
    ready = 0;
    old = 0;
    store(WAKER, BELL, AWAKE)                 /* OwnBell.Disarm: a plain store */
  od
}
