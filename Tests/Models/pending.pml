/*
 * An asynchronous read that waits: who carries it on, and who may still touch the memory of the connection.
 *
 *   Starter, Pool  PendingOperation.Begin, Execute, Arm, End
 *   signal         PendingOperation.Signal
 *   WakeThread     SmcdHalf.OnRung; it may have been rung for the other direction of the connection, or for nothing
 *   Peer           SleepWord.TakeSleeper and the ring
 *   Closer         SmcdPath.End, SmcdHalf.WakeOwn
 *
 * Whoever completes the operation leaves the connection for all who work on it. So a waker may claim it only from a thread that touches
 * nothing any more: while that thread announces and looks, the operation is Arming, and a waker only notes that it came (Rung).
 *
 * All shared steps are atomic operations with full fences, so memory is sequentially consistent here.
 *
 * Properties: memory is touched only from inside; one thread at a time makes a step; the operation completes once, when there is data or
 * the connection closes (never is an invalid end state).
 *
 * Variants that must fail: ARMED_FIRST (a waker may claim the operation while it is still being announced), NO_RUNG (a waker that finds it
 * arming goes away without a note).
 */

#define IDLE    0
#define ARMING  1
#define ARMED   2
#define RUNG    3
#define CLAIMED 4

#define AWAKE    0
#define CALLBACK 2

#define RINGS 2   /* of the wake thread, for nothing */

byte state = IDLE;
byte word = AWAKE;
bool inside;
bool data;
bool closed;
bool queued;
byte rings;
byte steps;
byte completed;

inline touch() { assert(inside) }

inline compareExchange(from, to, won) {
  atomic {
    won = (state == from);
    if
    :: won -> state = to
    :: else
    fi
  }
}

inline signal() {
  do
  :: atomic { state == ARMED -> state = CLAIMED; assert(!queued); queued = true; break }
#ifndef NO_RUNG
  :: atomic { state == ARMING -> state = RUNG; break }
#endif
  :: atomic { state != ARMED && state != ARMING -> break }
#ifdef NO_RUNG
  :: atomic { state == ARMING -> break }
#endif
  od
}

inline tryStep(known) {
  atomic { steps++; assert(steps == 1); touch() };
  known = data || closed;
  atomic { touch(); steps-- }
}

inline arm(known) {
  do
  :: true ->
#ifdef ARMED_FIRST
    state = ARMED;
    atomic { touch(); word = CALLBACK };
    touch();
    known = data || closed;
    if
    :: !known -> break
    :: known -> compareExchange(ARMED, CLAIMED, known)
    fi;
    if
    :: !known -> break                        /* a waker has it and will run it */
    :: known
    fi;
#else
    state = ARMING;
    atomic { touch(); word = CALLBACK };      /* SleepWord.Announce, with a full fence */
    touch();
    known = data || closed;                   /* LooksReady */
    if
    :: known
    :: !known ->
      compareExchange(ARMING, ARMED, known);
      if
      :: known -> known = false; break        /* from here on it belongs to a waker */
      :: !known                               /* rung meanwhile */
      fi
    fi;
    state = CLAIMED;
#endif
    tryStep(known);
    if
    :: known -> break
    :: else
    fi
  od
}

inline complete() {
  atomic { touch(); word = AWAKE };           /* End: Withdraw */
  state = IDLE;
  atomic { inside = false; completed++; assert(completed == 1) }
}

active proctype Starter() {
  bool known;
  inside = true;
  arm(known);
  if
  :: known -> complete()
  :: else
  fi
}

active proctype Pool() {
  bool known;
end:
  do
  :: atomic { queued -> queued = false };
    tryStep(known);
    if
    :: known
    :: !known -> arm(known)
    fi;
    if
    :: known -> complete()
    :: else
    fi;
    known = false
  od
}

active proctype WakeThread() {
  byte forNothing;
end:
  do
  :: atomic { rings > 0 -> rings-- };
    if
    :: word == AWAKE -> signal()
    :: word != AWAKE
    fi
  :: forNothing < RINGS ->
    forNothing++;
    if
    :: word == AWAKE -> signal()
    :: word != AWAKE
    fi
  od
}

active proctype Peer() {
  byte old;
  if
  :: data = true;
    atomic { old = word; word = AWAKE };
    if
    :: old != AWAKE -> rings++
    :: else
    fi
  :: true                                     /* never writes */
  fi
}

active proctype Closer() {
  bool old;
  closed = true;
  atomic { old = (word != AWAKE); word = AWAKE };
  signal();
  completed == 1
}
