package io.breakwater.local.engine;

import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands tests the {@link AwsEngines} and {@link AwsClients} that all of a JVM's test classes share, with the pipeline's
 * topology in them. A test keeps out of the others' way by jobs and tenants of its own.
 */
public final class SharedEngines implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SharedEngines.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == AwsEngines.class || type == AwsClients.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Shared shared =
                context.getRoot().getStore(NAMESPACE).computeIfAbsent(Shared.class, _ -> Shared.start(), Shared.class);
        return parameter.getParameter().getType() == AwsEngines.class ? shared.engines() : shared.clients();
    }

    /** Closed by JUnit at the end of the run. */
    private record Shared(AwsEngines engines, AwsClients clients) implements AutoCloseable {
        static Shared start() {
            AwsEngines engines = AwsEngines.start(Optional.empty());
            engines.createTopology();
            return new Shared(engines, new AwsClients(engines));
        }

        @Override
        public void close() {
            clients.close();
            engines.close();
        }
    }
}
