package io.breakwater.local.engine;

import com.adobe.testing.s3mock.S3MockApplication;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/**
 * S3Mock over plain HTTP. Its own {@code start} would add an HTTPS port, listen on every interface, take over logging
 * and read settings from wherever the user happens to be; and what it keeps for the time being would outlive it.
 */
final class S3Engine implements Engine {
    private final ConfigurableApplicationContext context;
    private final Runnable cleanUp;

    private S3Engine(ConfigurableApplicationContext context, Runnable cleanUp) {
        this.context = context;
        this.cleanUp = cleanUp;
    }

    /** Starts with the objects in this directory, or in one that goes when this is closed. */
    static S3Engine start(Optional<Path> data) {
        if (data.isPresent()) {
            return start(data.get(), true, () -> {});
        }
        TemporaryDirectory temporary = TemporaryDirectory.create("breakwater-s3-");
        return start(temporary.path(), false, temporary::close);
    }

    private static S3Engine start(Path root, boolean writeThrough, Runnable cleanUp) {
        var application = new SpringApplication(S3MockApplication.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setRegisterShutdownHook(false);
        application.setListeners(application.getListeners().stream()
                .filter(listener -> !(listener instanceof LoggingApplicationListener))
                .toList());
        application.addInitializers(context -> context.getBeanFactory().addBeanPostProcessor(new OnlyMainConnector()));
        application.addInitializers(
                context -> context.getBeanFactory().addBeanPostProcessor(new MapperMemory(writeThrough)));
        try {
            return new S3Engine(application.run(settings(root.toAbsolutePath())), cleanUp);
        } catch (RuntimeException e) {
            cleanUp.run();
            throw new IllegalStateException("S3Mock did not start: " + e.getMessage(), e);
        }
    }

    /** As arguments, because these win over environment variables that other Spring programs may be meant by. */
    private static String[] settings(Path root) {
        return new String[] {
            "--server.address=" + LOOPBACK,
            "--server.port=0",
            "--server.ssl.enabled=false",
            "--com.adobe.testing.s3mock.httpPort=0",
            "--com.adobe.testing.s3mock.store.root=" + root,
            "--com.adobe.testing.s3mock.store.retain-files-on-exit=true",
            "--spring.config.location=classpath:/application.properties",
            "--spring.main.lazy-initialization=true",
            "--server.shutdown=immediate"
        };
    }

    @Override
    public URI endpoint() {
        return Engine.endpoint(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    @Override
    public void close() {
        try {
            context.close();
        } finally {
            cleanUp.run();
        }
    }

    /** Takes away the second port that S3Mock opens on every interface. */
    private static final class OnlyMainConnector implements BeanPostProcessor {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (bean instanceof TomcatServletWebServerFactory factory) {
                factory.getAdditionalConnectors().clear();
            }
            return bean;
        }
    }

    private record MapperMemory(boolean writeThrough) implements BeanPostProcessor {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof JsonMapper mapper ? new RememberingMapper(mapper, writeThrough) : bean;
        }
    }
}
