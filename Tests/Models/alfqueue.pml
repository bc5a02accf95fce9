/*
 * A bounded queue on an array whose producers and consumers reserve a batch each by one exchange (AlfQueue, many producers, many consumers).
 *
 *   Producer  AlfQueue.Put: reserve, write the elements, wait for those who reserved before, tell
 *   Consumer  AlfQueue.Take
 *
 * Each load, store and exchange is a step of its own; the stores of a tail are releases and its loads acquires, so memory is sequentially
 * consistent here. Indices wrap at WRAP, as the 32-bit ones do.
 *
 * Properties: what is taken was put, each element once; a place is not written before it was taken, nor taken before it was written; in the
 * end nothing is left.
 *
 * Variants that must fail: NO_WAIT (who is done first tells first), PLAIN_RESERVE (a store reserves).
 */

#define CAPACITY 2
#define WRAP     8
#define EACH     2   /* elements of each producer */
#define TOTAL    4

byte producerHead, producerTail, consumerHead, consumerTail;
byte items[CAPACITY];
bool taken[TOTAL + 1];
byte takenCount;

#define MINUS(a, b) (((a) + WRAP - (b)) % WRAP)

inline reserve(word, head, count, won) {
#ifdef PLAIN_RESERVE
  won = (word == head);
  if
  :: won -> word = (head + count) % WRAP
  :: else
  fi
#else
  atomic {
    won = (word == head);
    if
    :: won -> word = (head + count) % WRAP
    :: else
    fi
  }
#endif
}

inline tell(tail, head, count) {
#ifdef NO_WAIT
  tail = (tail + count) % WRAP
#else
  tail == head;
  tail = (head + count) % WRAP
#endif
}

proctype Producer(byte base) {
  byte head, count, left = EACH, i;
  bool won;
  do
  :: left == 0 -> break
  :: left > 0 ->
    head = producerHead;
    count = CAPACITY - MINUS(head, consumerTail);
    if
    :: count > CAPACITY -> count = 0            /* an old head: any number, and the exchange would fail */
    :: count > left -> count = left
    :: else
    fi;
    if
    :: count > 0 ->
      reserve(producerHead, head, count, won);
      if
      :: won ->
        i = 0;
        do
        :: i == count -> break
        :: i < count ->
          atomic { assert(items[(head + i) % CAPACITY] == 0); items[(head + i) % CAPACITY] = base + EACH - left + i };
          i++
        od;
        tell(producerTail, head, count);
        left = left - count
      :: else
      fi
    :: else
    fi
  od
}

proctype Consumer() {
  byte head, count, i, item;
  bool won;
  do
  :: takenCount == TOTAL -> break
  :: takenCount < TOTAL ->
    head = consumerHead;
    count = MINUS(producerTail, head);
    if
    :: count > CAPACITY -> count = 0
    :: else
    fi;
    if
    :: count > 0 ->
      if
      :: true
      :: count > 1 -> count = 1                 /* asked for fewer */
      fi;
      reserve(consumerHead, head, count, won);
      if
      :: won ->
        i = 0;
        do
        :: i == count -> break
        :: i < count ->
          atomic {
            item = items[(head + i) % CAPACITY];
            assert(item != 0 && !taken[item]);
            taken[item] = true; takenCount++;
            items[(head + i) % CAPACITY] = 0
          };
          i++
        od;
        tell(consumerTail, head, count)
      :: else
      fi
    :: else
    fi
  od
}

init {
  atomic {
    producerHead = WRAP - 1; producerTail = WRAP - 1; consumerHead = WRAP - 1; consumerTail = WRAP - 1;
    run Producer(1); run Producer(1 + EACH);
    run Consumer(); run Consumer()
  }
}
