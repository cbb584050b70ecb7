package dev.objectlock.spring;

import dev.objectlock.LockAuthorizer;
import dev.objectlock.LockOwner;
import dev.objectlock.Privilege;
import java.util.EnumSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** Locks and transactions on a database of its own, and one who may take locks away. */
@Configuration
@EnableObjectLocks
@EnableTransactionManagement
class OnDatabase {

    static final LockOwner ADMIN = LockOwner.user("admin");

    @Bean
    DataSource dataSource() {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        return h2;
    }

    @Bean
    JdbcTemplate database(DataSource dataSource) {
        return new JdbcTemplate(dataSource);
    }

    @Bean
    PlatformTransactionManager transactionManager(DataSource dataSource) {
        return new DataSourceTransactionManager(dataSource);
    }

    @Bean
    LockAuthorizer authorizer() {
        return owner -> owner.isSameUser(ADMIN) ? EnumSet.allOf(Privilege.class) : EnumSet.of(Privilege.OBJECTLOCK);
    }
}
