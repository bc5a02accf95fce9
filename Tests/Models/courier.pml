/*
 * Who pays a writer's fences: the wake-ups of wakeup.pml, of a reader that pledges. While its debt stands alone in the sleep word the writer
 * neither fences nor wakes. Before it sleeps the reader asks the wake thread of the writer's process, the courier, to fence in the writer's stead.
 *
 *   Writer     SmcdWriter.Publish, SmcdPath.WakePeerReader, SleepWord.TakeSleeper
 *   Bystander  SmcdPath.WakePeer, SmcdHalf.WakeOwn: whoever wakes the reader and is not the writer
 *   Courier    WakeThread.Dispatch, SmcdPath.TakeDebt and PayDebt: the wake thread of the writer's process
 *   Reader     SmcdHalf.Sleep (a thread that sleeps on its own word), PendingOperation.Arm (an asynchronous read), SmcdReader.Pledge and Ask
 *   WakeThread SmcdHalf.OnRung: the wake thread of the reader's process
 *
 * Memory is that of x86 (TSO), as in wakeup.pml. The courier's process-wide barrier drains the buffers of its own process: the writer's alone.
 * Bells and the sleep of the two wake threads are in wakeup.pml; here they wait for their bit of a bitmap. Time-outs and the sweep are left out.
 *
 * Property: every message is read. A lost wake-up is an invalid end state: the reader sleeps and nobody can move.
 *
 * Variants that must fail: NO_COURIER (a reader in debt sleeps without asking), NO_BARRIER (the courier takes the debt and passes no barrier),
 * BARRIER_FIRST (it passes the barrier, and then takes the debt, perhaps of a later sleep), PAYS_TWICE (with the sleeper it takes a debt that is
 * newer than its barrier), BYSTANDER_PAYS (who is not the writer takes the debt), FORGETS (the reader takes its debt for paid once it is awake),
 * NO_FENCE_WRITER, NO_FENCE_READER, NO_RECHECK. NO_SYNC and NO_ASYNC leave one kind of sleep out.
 */

#ifndef MESSAGES
#define MESSAGES 3
#endif
#ifndef SPURIOUS
#define SPURIOUS 1
#endif
#ifndef BYSTANDERS
#define BYSTANDERS 1
#endif

/* SleepWord.Awake, Thread, Callback, and the bit beside them: Owed */
#define AWAKE    0
#define THREAD   1
#define CALLBACK 2
#define OWED     4
#define KIND     3

/* Shared memory. */
#define CURSOR 0   /* CDC word one */
#define SLEEP  1   /* the reader's sleep word in the control region */
#define SEEN   2   /* what the reader had seen when it announced, beside its sleep word */
#define TOTAL  3   /* the writer's own count, in its process's memory */
byte mem[4];

/* The bit of this connection in the bitmaps of both processes: changed by atomic operations only. */
bool rung, ready;

/* Threads with a store buffer; the others use atomic operations only. */
#define WRITER 0
#define READER 1
chan buffer[2] = [3] of { byte, byte };
bool isAsleep;   /* the reader, in the kernel's futex queue */
byte spurious = SPURIOUS;

/* PendingOperation._state, and the thread pool's queue. */
#define IDLE    0
#define ARMED   1
#define CLAIMED 2
byte operation;
bool queued;

#define drained(t) empty(buffer[t])

inline store(t, address, value) { buffer[t]!address,value }
inline fence(t)                 { drained(t) }

/* Futex.Wait: compares and sleeps in one step. Returns at once where the word differs. */
inline futexWait(expected) {
  atomic {
    drained(READER);
    if
    :: mem[SLEEP] == expected -> isAsleep = true
    :: else
    fi
  }
  if
  :: !isAsleep
  :: atomic { isAsleep && spurious > 0 -> spurious--; isAsleep = false }
  fi
}

/* SleepWord.TakeSleeperAlone: the debt stays. */
inline takeSleeperAlone(kind) {
  atomic { kind = mem[SLEEP] & KIND; mem[SLEEP] = mem[SLEEP] & OWED }
}

/* SleepWord.TakeSleeper: the debt goes too. */
inline takeBoth(kind) {
  atomic {
    kind = mem[SLEEP] & KIND;
    if
    :: kind != AWAKE -> mem[SLEEP] = AWAKE
    :: else
    fi
  }
}

/* SmcdPath.Wake. */
inline wake(kind) {
  if
  :: kind == THREAD -> isAsleep = false
  :: kind == CALLBACK -> ready = true
  :: else
  fi;
  kind = AWAKE
}

/* PendingOperation.TryClaim. */
inline tryClaim(won) {
  atomic {
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
  od
}

active proctype Writer() {
  byte produced, kind;
  do
  :: produced < MESSAGES ->
    produced++;
    store(WRITER, TOTAL, produced);           /* SendRing.Write */
    store(WRITER, CURSOR, produced);          /* CdcPublisher.PublishProducer */
    if
    :: mem[SLEEP] == OWED                     /* SleepWord.IsPledged: no fence, and nobody to wake */
    :: mem[SLEEP] != OWED ->
#ifndef NO_FENCE_WRITER
      fence(WRITER);                          /* Interlocked.MemoryBarrier */
#endif
      if
      :: (mem[SLEEP] & KIND) != AWAKE -> atomic { drained(WRITER); takeBoth(kind) }; wake(kind)
      :: (mem[SLEEP] & KIND) == AWAKE
      fi
    fi
  :: produced == MESSAGES -> break
  od
}

active proctype Bystander() {
  byte kind, times;
  do
  :: times < BYSTANDERS ->
    times++;
#ifdef BYSTANDER_PAYS
    takeBoth(kind);
#else
    takeSleeperAlone(kind);
#endif
    wake(kind)
  :: times == BYSTANDERS -> break
  od
}

active proctype Courier() {
  byte word, kind, seen;
end:
  do
  :: atomic { rung -> rung = false };         /* OwnBell.TakeReady */
#ifdef BARRIER_FIRST
    fence(WRITER);
#endif
    word = mem[SLEEP];                        /* SleepWord.TakeDebt */
    if
    :: (word & OWED) != 0 && (word & KIND) != 0 ->
      atomic {
        if
        :: mem[SLEEP] == word -> mem[SLEEP] = word & KIND
        :: else -> word = 0
        fi
      }
    :: else -> word = 0
    fi;
    if
    :: word != 0 ->
#ifndef BARRIER_FIRST
#ifndef NO_BARRIER
      fence(WRITER);                          /* Interlocked.MemoryBarrierProcessWide */
#endif
#endif
      seen = mem[SEEN];                       /* SmcdPath.PayDebt */
      if
      :: seen != mem[TOTAL] ->
#ifdef PAYS_TWICE
        takeBoth(kind);
#else
        takeSleeperAlone(kind);
#endif
        wake(kind)
      :: seen == mem[TOTAL]
      fi
    :: else
    fi;
    word = 0; seen = 0
  od
}

/* SmcdReader.Announce: the debt stays in the word. */
inline announce(kind) {
  if
  :: buffer[READER]??[SLEEP,OWED] -> debt = OWED         /* a thread sees its own stores */
  :: else -> debt = mem[SLEEP] & OWED
  fi;
  store(READER, SEEN, consumed);              /* also without a debt, which changes nothing */
#ifdef NO_FENCE_READER
  store(READER, SLEEP, kind | debt);
#else
  atomic { drained(READER); mem[SLEEP] = kind | debt };
#endif
  debt = 0
}

/* SmcdReader.Ask */
inline ask() {
  skip;
#ifndef NO_COURIER
  if
  :: (mem[SLEEP] & OWED) != 0 && (mem[SLEEP] & KIND) != 0 -> atomic { drained(READER); rung = true }
  :: else
  fi
#endif
}

/* SmcdHalf.Withdraw. */
inline withdraw() {
#ifdef FORGETS
  atomic { drained(READER); mem[SLEEP] = AWAKE }
#else
  atomic { drained(READER); mem[SLEEP] = mem[SLEEP] & OWED }
#endif
}

/* SmcdReader.Pledge: after a read, whenever it seems worth it. */
inline mayPledge() {
  if
  :: store(READER, SLEEP, OWED)
  :: true
  fi
}

active proctype Reader() {
  byte consumed, debt, found;
  bool won;
  do
  :: consumed == MESSAGES -> break
  :: else ->
    /* TryRead: takes all there is. */
    if
    :: atomic { mem[CURSOR] != consumed -> consumed = mem[CURSOR] }; mayPledge()
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
          ask();
          found = mem[SLEEP];                 /* SleepWord.Sleep */
          if
          :: (found & KIND) == THREAD -> futexWait(found)
          :: else
          fi;
          found = 0;
#ifdef NO_RECHECK
          if
          :: mem[CURSOR] != consumed -> break
          :: else
          fi;
#endif
          if
          :: (mem[SLEEP] & KIND) != THREAD -> announce(THREAD)
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
          :: mem[CURSOR] != consumed -> tryClaim(won)
          :: mem[CURSOR] == consumed -> ask()
          fi;
#else
          ask();
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
        operation = IDLE;
        mayPledge()
#endif
      fi
    fi
  od
}

active proctype WakeThread() {
  bool won;
end:
  do
  :: atomic { ready -> ready = false };       /* SmcdHalf.OnRung, PendingOperation.Signal */
    if
    :: (mem[SLEEP] & KIND) == AWAKE ->
      tryClaim(won);
      if
      :: won -> queued = true
      :: else
      fi;
      won = false
    :: (mem[SLEEP] & KIND) != AWAKE           /* announced since: whoever announced has looked after the cursor was stored */
    fi
  od
}
