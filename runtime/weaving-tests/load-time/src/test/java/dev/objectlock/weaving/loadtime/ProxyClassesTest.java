package dev.objectlock.weaving.loadtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import dev.objectlock.weave.Woven;
import org.junit.jupiter.api.Test;

/** Proxy classes that frameworks make at run time are subclasses of marked classes, and are not woven. */
class ProxyClassesTest {

    @Test
    void anOrdinarySubclassIsWovenAndAProxyClassIsNot() throws NoSuchMethodException {
        assertThat(isWoven(Marked.class)).isTrue();
        assertThat(isWoven(Sub.class)).isTrue();
        assertThat(isWoven(Marked$$SpringCGLIB$$0.class)).isFalse();
        assertThat(isWoven(Marked$HibernateProxy$abc.class)).isFalse();
    }

    private static boolean isWoven(Class<?> type) throws NoSuchMethodException {
        return type.getDeclaredMethod("move").isAnnotationPresent(Woven.class);
    }
}

@ObjectLock(mode = LockMode.USER)
class Marked {
    public void move() {}
}

class Sub extends Marked {
    @Override
    public void move() {}
}

class Marked$$SpringCGLIB$$0 extends Marked {
    @Override
    public void move() {}
}

class Marked$HibernateProxy$abc extends Marked {
    @Override
    public void move() {}
}
