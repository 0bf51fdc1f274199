package io.breakwater.local;

import io.breakwater.function.Services;
import io.breakwater.function.request.RequestFunction;
import io.breakwater.function.worker.WorkerFunction;

/** The functions that are deployed, wired as they are there. */
final class Deployed {
    static final Functions FUNCTIONS = new Functions(
            settings -> new RequestFunction(Services.forRequests(settings)),
            settings -> new WorkerFunction(Services.forWorkers(settings)));

    private Deployed() {}
}
