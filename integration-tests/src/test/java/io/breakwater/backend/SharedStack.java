package io.breakwater.backend;

import io.breakwater.local.engine.AwsResources;
import io.breakwater.local.engine.AwsStack;
import io.breakwater.topology.Topology;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands tests the {@link AwsResources} and {@link AwsClients} that all of a JVM's test classes share, on the chosen
 * backend. A test keeps out of the others' way by jobs and tenants of its own.
 */
public final class SharedStack implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SharedStack.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == AwsResources.class || type == AwsClients.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Shared shared =
                context.getRoot().getStore(NAMESPACE).computeIfAbsent(Shared.class, _ -> Shared.create(), Shared.class);
        return parameter.getParameter().getType() == AwsResources.class
                ? shared.stack().resources()
                : shared.clients();
    }

    /** Closed by JUnit at the end of the run. */
    private record Shared(AwsStack stack, AwsClients clients) implements AutoCloseable {
        static Shared create() {
            AwsStack stack = Backends.chosen().create(Topology.JOB_VISIBILITY);
            return new Shared(stack, new AwsClients(stack.resources()));
        }

        @Override
        public void close() {
            clients.close();
            stack.close();
        }
    }
}
