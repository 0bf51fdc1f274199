package io.breakwater.routing;

import io.breakwater.job.Attempt;
import io.breakwater.job.Degradation;
import io.breakwater.job.ServedBy;
import io.breakwater.model.ModelResult;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one delivery of a job fared along the chain. */
public sealed interface Routing {
    /** The model calls that were made, in order. */
    List<Attempt> attempts();

    /** An endpoint answered. {@code degradation} is null when it was all that was asked for. */
    record Served(
            ModelResult.Reply reply,
            ServedBy servedBy,
            @Nullable Degradation degradation,
            List<Attempt> attempts) implements Routing {
        public Served {
            attempts = List.copyOf(attempts);
        }
    }

    /** The request itself is at fault; no endpoint would answer it. */
    record Rejected(ModelResult.Failure failure, List<Attempt> attempts) implements Routing {
        public Rejected {
            attempts = List.copyOf(attempts);
        }
    }

    /**
     * No endpoint would take the job now.
     *
     * @param retryAt when trying again may make sense
     * @param detail what stood in the way, endpoint by endpoint
     * @param budgetUsedUp whether a closed endpoint was left out because the worker's {@link RetryBudget} was used up
     */
    record Unavailable(Instant retryAt, String detail, boolean budgetUsedUp, List<Attempt> attempts)
            implements Routing {
        public Unavailable {
            attempts = List.copyOf(attempts);
        }
    }
}
