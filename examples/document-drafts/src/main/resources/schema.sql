create table draft (
    id bigint primary key,
    title varchar(100) not null,
    text clob not null,
    saved_by varchar(100) not null
);
create table comment (
    id bigint auto_increment primary key,
    draft bigint not null references draft,
    written_by varchar(100) not null,
    text varchar(1000) not null
);
