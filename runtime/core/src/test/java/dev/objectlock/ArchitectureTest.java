package dev.objectlock;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Who may see whom. The builder puts the parts together and is the one class that sees them all. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.objectlock");

    private static final DescribedPredicate<JavaClass> BUILDER = DescribedPredicate.describe(
            "the builder", type -> type.getName().startsWith(ObjectLocksBuilder.class.getName()));

    private static final ArchRule NO_CYCLES = slices().matching("dev.objectlock.(*)..")
            .namingSlices("$1")
            .should()
            .beFreeOfCycles();

    private static final ArchRule DOOR_SEES_NO_ENGINE = noClasses()
            .that(DescribedPredicate.not(BUILDER))
            .and()
            .resideInAPackage("dev.objectlock")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.objectlock.backend",
                    "dev.objectlock.memory",
                    "dev.objectlock.engine",
                    "dev.objectlock.path",
                    "dev.objectlock.weave");

    private static final ArchRule BACKENDS_SEE_VALUES = noClasses()
            .that()
            .resideInAnyPackage("dev.objectlock.memory", "dev.objectlock.backend")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.objectlock.engine", "dev.objectlock.path", "dev.objectlock.weave")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ObjectLocks.class);

    private static final ArchRule ENGINE_SEES_NO_STORE = noClasses()
            .that()
            .resideInAnyPackage("dev.objectlock.engine", "dev.objectlock.weave", "dev.objectlock.path")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.objectlock.memory");

    private static final ArchRule GRAMMAR_SEES_NOTHING = noClasses()
            .that()
            .resideInAnyPackage("dev.objectlock.grammar", "dev.objectlock.annotation")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.objectlock", "dev.objectlock.engine..", "dev.objectlock.weave..", "org.slf4j..");

    private static final ArchRule NO_MONITORS = noClasses()
            .should()
            .callMethod(Object.class, "wait")
            .orShould()
            .callMethod(Object.class, "notifyAll")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    @Test
    void packagesHaveNoCycles() {
        NO_CYCLES.check(CLASSES);
    }

    @Test
    void layersLookDownOnly() {
        DOOR_SEES_NO_ENGINE.check(CLASSES);
        BACKENDS_SEE_VALUES.check(CLASSES);
        ENGINE_SEES_NO_STORE.check(CLASSES);
        GRAMMAR_SEES_NOTHING.check(CLASSES);
        NO_MONITORS.check(CLASSES);
    }

    @Test
    void theRulesSeeWhatTheyForbid() {
        assertThat(noClasses()
                        .that(BUILDER)
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("dev.objectlock.engine")
                        .evaluate(CLASSES)
                        .hasViolation())
                .isTrue();
        assertThat(noClasses()
                        .that()
                        .resideInAPackage("dev.objectlock.weave")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("dev.objectlock.engine")
                        .evaluate(CLASSES)
                        .hasViolation())
                .isTrue();
        assertThat(slices().matching("dev.objectlock.(**)")
                        .should()
                        .notDependOnEachOther()
                        .evaluate(CLASSES)
                        .hasViolation())
                .isTrue();
    }
}
