package io.breakwater.function.worker;

import io.breakwater.function.Rehearsals;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class WorkerRehearsalTest {

    @Test
    void aRehearsalReadsOnceAndNeitherWritesNorCallsAModelNorCounts() throws IOException {
        Rehearsals.assertReadsOnceAndNeitherWritesNorCallsAModelNorCounts(WorkerFunction::rehearse);
    }
}
