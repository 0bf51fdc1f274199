package io.breakwater.job;

class InMemoryJobStoreIT extends JobStoreContract {
    @Override
    JobStore open(TestClock clock) {
        return new InMemoryJobStore(clock);
    }
}
