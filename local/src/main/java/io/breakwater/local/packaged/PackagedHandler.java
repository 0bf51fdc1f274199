package io.breakwater.local.packaged;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.GsonFactory;
import io.breakwater.local.lambda.EnvironmentLostException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A handler whose function runs in a process of its own. One call at a time; an interrupt kills the process. */
public final class PackagedHandler<E, A extends @Nullable Object> implements RequestHandler<E, A>, AutoCloseable {
    private final FunctionProcess process;
    private final PojoSerializer<E> events;
    private final PojoSerializer<A> answers;

    /**
     * A handler on a started process, which is closed with it.
     *
     * @param answer {@link Void} for a function without one
     */
    public PackagedHandler(FunctionProcess process, Class<E> event, Class<? extends A> answer) {
        this.process = process;
        this.events = serializer(event);
        @SuppressWarnings("unchecked")
        PojoSerializer<A> serializer = (PojoSerializer<A>) serializer(answer);
        this.answers = serializer;
    }

    /** As the runtime client does it on the other side. */
    private static <T> PojoSerializer<T> serializer(Class<T> type) {
        return LambdaEventSerializers.isLambdaSupportedEvent(type.getName())
                ? LambdaEventSerializers.serializerFor(type, PackagedHandler.class.getClassLoader())
                : GsonFactory.getInstance().getSerializer(type);
    }

    @Override
    public A handleRequest(E event, Context context) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        events.toJson(event, json);
        try {
            return answers.fromJson(process.invoke(json.toString(StandardCharsets.UTF_8), context));
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new EnvironmentLostException("interrupted, and its process killed");
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
