package io.breakwater.function.request;

import io.breakwater.function.Rehearsals;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RequestRehearsalTest {

    @Test
    void aRehearsalReadsOnceAndNeitherWritesNorCallsAModelNorCounts() throws IOException {
        Rehearsals.assertReadsOnceAndNeitherWritesNorCallsAModelNorCounts(RequestFunction::rehearse);
    }
}
