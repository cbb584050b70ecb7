insert into draft values (1, 'Invitation', 'Dear all, you are invited to', 'nobody');
insert into draft values (2, 'Minutes', 'Present:', 'nobody');
insert into draft values (3, 'Letter to the editor', 'Dear Madam,', 'nobody');
