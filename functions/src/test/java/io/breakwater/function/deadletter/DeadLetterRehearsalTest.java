package io.breakwater.function.deadletter;

import io.breakwater.function.Rehearsals;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class DeadLetterRehearsalTest {

    @Test
    void aRehearsalReadsOnceAndNeitherWritesNorCallsAModelNorCounts() throws IOException {
        Rehearsals.assertReadsOnceAndNeitherWritesNorCallsAModelNorCounts(DeadLetterFunction::rehearse);
    }
}
