BEGIN TRANSACTION;
CREATE TABLE journal (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "journal" VALUES('cloud','global');
INSERT INTO "journal" VALUES('commits','2');
INSERT INTO "journal" VALUES('created','2026-01-15T09:00:00.000Z');
INSERT INTO "journal" VALUES('format','trunkline-journal');
INSERT INTO "journal" VALUES('id','7c8f7701177d97d4a18a0400f60424c6');
INSERT INTO "journal" VALUES('options','{"base":false,"pool":{"numberType":"directRouting","prefix":"+12065550"},"replace":false,"skipUnreadable":true}');
INSERT INTO "journal" VALUES('planDigest','fcb17e734fe5ea05dcba169da1655190364e288c5ee589abe7a8ed886da66c45');
INSERT INTO "journal" VALUES('planned','2026-01-15T09:00:00Z');
INSERT INTO "journal" VALUES('run','ended');
INSERT INTO "journal" VALUES('source','{"name":"séattle ‮.csv","bytes":463,"digest":"68726d188b972e9b1bcd26887d263d2d8c717efb006aa15d03a002aa482a4946","rows":10,"unreadable":1,"repeated":0}');
INSERT INTO "journal" VALUES('sourceDigest','68726d188b972e9b1bcd26887d263d2d8c717efb006aa15d03a002aa482a4946');
INSERT INTO "journal" VALUES('tenant','11111111-1111-1111-1111-111111111111');
INSERT INTO "journal" VALUES('writer','0.1.0');
CREATE TABLE quarantine (
    number TEXT PRIMARY KEY,
    released_at TEXT NOT NULL,
    until TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE reservation (
    number TEXT PRIMARY KEY,
    line INTEGER NOT NULL,
    until TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "reservation" VALUES('+12065550113;ext=42',4,'2026-01-16T09:00:00.000Z');
CREATE TABLE row (
    line INTEGER PRIMARY KEY,
    wanted TEXT NOT NULL,       -- what the file asks for
    verdict TEXT NOT NULL,      -- change, already, refused
    before TEXT,                -- how it was when the plan was made
    findings TEXT,
    ending TEXT,                -- done, notSeen, already, failed, skipped, pending, unknown; null while it is open
    failure TEXT,
    after TEXT,                 -- how it was read back
    request_ids TEXT,
    operations TEXT,
    warnings TEXT,
    ended_at TEXT
);
INSERT INTO "row" VALUES(2,'{"action":"assign","number":"+12065550100","to":{"id":"a0000000-0000-4000-8000-000000000007","name":"gina@contoso.example"},"takes":true,"picked":false}','change','{"of":"number","number":"+12065550100","numberType":"callingPlan","numberSource":"online","status":"userAssigned","activation":"activated","holder":"a0000000-0000-4000-8000-000000000002","holderName":"ben@contoso.example","category":"primary","location":null}','[{"severity":"warning","code":"noLocation","what":"it has no emergency location","nextStep":"Correct this, or ignore it"}]',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "row" VALUES(3,'{"action":"assign","number":"+12065550114","to":{"id":"a0000000-0000-4000-8000-000000000002","name":"ben@contoso.example"},"takes":true,"picked":false}','change','{"of":"number","number":"+12065550114","numberType":"directRouting","numberSource":"online","status":"userAssigned","activation":"activated","holder":"a0000000-0000-4000-8000-000000000007","holderName":"gina@contoso.example","category":"primary","location":null}',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "row" VALUES(4,'{"action":"assign","number":"+12065550113;ext=42","to":{"id":"a0000000-0000-4000-8000-000000000004","name":"dev@contoso.example"},"takes":false,"picked":true}','change','{"of":"number","number":"+12065550113;ext=42","numberType":"directRouting","numberSource":"online","status":"unassigned","activation":"activated","holder":null,"category":null,"location":null}',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "row" VALUES(5,'{"action":"assign","number":"+12065550110","to":{"id":"a0000000-0000-4000-8000-000000000001","name":"ana@contoso.example"},"takes":false,"picked":false}','change','{"of":"number","number":"+12065550110","numberType":"directRouting","numberSource":"online","status":"unassigned","activation":"activated","holder":null,"category":null,"location":null}',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "row" VALUES(6,'{"action":"unassign","number":"+12065550111"}','already','{"of":"number","number":"+12065550111","numberType":"directRouting","numberSource":"online","status":"unassigned","activation":"activated","holder":null,"category":null,"location":null}',NULL,'already',NULL,NULL,NULL,NULL,NULL,'2026-01-15T09:00:00.000Z');
INSERT INTO "row" VALUES(7,'{"action":"setLocation","number":"+12065550120","location":"10c00000-0000-4000-8000-000000000002"}','change','{"of":"number","number":"+12065550120","numberType":"operatorConnect","numberSource":"online","status":"unassigned","activation":"activated","holder":null,"category":null,"location":null}',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "row" VALUES(8,'{"action":"setPhone","user":{"id":"a0000000-0000-4000-8000-000000000003","name":"carla@contoso.example"},"role":"mobile","number":"+1 2065550199"}','change','{"of":"phone","user":"a0000000-0000-4000-8000-000000000003","role":"mobile","number":null,"smsSignIn":null}',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "row" VALUES(9,'{"action":"smsSignIn","user":{"id":"a0000000-0000-4000-8000-000000000003","name":"carla@contoso.example"},"enabled":true}','change','{"of":"phone","user":"a0000000-0000-4000-8000-000000000003","role":"mobile","number":null,"smsSignIn":null}',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "row" VALUES(10,'{"action":"removePhone","user":{"id":"a0000000-0000-4000-8000-000000000002","name":"ben@contoso.example"},"role":"office"}','change','{"of":"phone","user":"a0000000-0000-4000-8000-000000000002","role":"office","number":"+1 2065550152x17","smsSignIn":"notSupported"}',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "row" VALUES(11,'{"action":"unreadable","number":"nonsense","user":{"name":"eva@contoso.example"}}','refused',NULL,'[{"severity":"error","code":"badNumber","what":"number: the telephone number has a character that no telephone number has","nextStep":"Write it as +12065550100, with an extension as +12065550100;ext=12"}]','skipped','{"kind":"badNumber","what":"number: the telephone number has a character that no telephone number has","nextStep":"Write it as +12065550100, with an extension as +12065550100;ext=12"}',NULL,NULL,NULL,NULL,'2026-01-15T09:00:00.000Z');
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    process INTEGER NOT NULL,
    version TEXT NOT NULL
);
INSERT INTO "run" VALUES(1,'2026-01-15T09:00:00.000Z','2026-01-15T09:00:00.000Z',18380,'0.1.0');
CREATE TABLE step (
    line INTEGER NOT NULL REFERENCES row (line),
    position INTEGER NOT NULL,
    action TEXT NOT NULL,
    needs TEXT,
    expects TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting', -- waiting, sending, accepted; then as a row ends
    sent_at TEXT,               -- written before the request leaves
    tries INTEGER NOT NULL DEFAULT 0,
    operation_id TEXT,
    token TEXT,                 -- resumes waiting for the operation
    request_ids TEXT,
    warnings TEXT,
    failure TEXT,
    after TEXT,
    ended_at TEXT,
    PRIMARY KEY (line, position)
) WITHOUT ROWID;
INSERT INTO "step" VALUES(2,0,'{"step":"unassignNumber","number":"+12065550100"}',NULL,'{"of":"number","number":"+12065550100","numberType":"callingPlan","numberSource":"online","status":"userAssigned","activation":"activated","holder":"a0000000-0000-4000-8000-000000000002","holderName":"ben@contoso.example","category":"primary","location":null}','waiting',NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "step" VALUES(2,1,'{"step":"assignNumber","number":"+12065550100","to":"a0000000-0000-4000-8000-000000000007"}','[[2,0],[3,0]]','{"of":"number","number":"+12065550100","numberType":"callingPlan","numberSource":"online","status":"unassigned","activation":"activated","holder":null,"category":null,"location":null}','waiting',NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "step" VALUES(3,0,'{"step":"unassignNumber","number":"+12065550114"}',NULL,'{"of":"number","number":"+12065550114","numberType":"directRouting","numberSource":"online","status":"userAssigned","activation":"activated","holder":"a0000000-0000-4000-8000-000000000007","holderName":"gina@contoso.example","category":"primary","location":null}','waiting',NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "step" VALUES(3,1,'{"step":"assignNumber","number":"+12065550114","to":"a0000000-0000-4000-8000-000000000002"}','[[3,0],[2,0]]','{"of":"number","number":"+12065550114","numberType":"directRouting","numberSource":"online","status":"unassigned","activation":"activated","holder":null,"category":null,"location":null}','waiting',NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "step" VALUES(4,0,'{"step":"assignNumber","number":"+12065550113;ext=42","to":"a0000000-0000-4000-8000-000000000004"}',NULL,'{"of":"number","number":"+12065550113;ext=42","numberType":"directRouting","numberSource":"online","status":"unassigned","activation":"activated","holder":null,"category":null,"location":null}','waiting',NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "step" VALUES(5,0,'{"step":"assignNumber","number":"+12065550110","to":"a0000000-0000-4000-8000-000000000001"}',NULL,'{"of":"number","number":"+12065550110","numberType":"directRouting","numberSource":"online","status":"unassigned","activation":"activated","holder":null,"category":null,"location":null}','waiting',NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "step" VALUES(7,0,'{"step":"setLocation","number":"+12065550120","location":"10c00000-0000-4000-8000-000000000002"}',NULL,'{"of":"number","number":"+12065550120","numberType":"operatorConnect","numberSource":"online","status":"unassigned","activation":"activated","holder":null,"category":null,"location":null}','waiting',NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "step" VALUES(8,0,'{"step":"setPhone","user":"a0000000-0000-4000-8000-000000000003","role":"mobile","number":"+1 2065550199"}',NULL,'{"of":"phone","user":"a0000000-0000-4000-8000-000000000003","role":"mobile","number":null,"smsSignIn":null}','waiting',NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "step" VALUES(9,0,'{"step":"setSmsSignIn","user":"a0000000-0000-4000-8000-000000000003","enabled":true}','[[8,0]]','{"of":"phone","user":"a0000000-0000-4000-8000-000000000003","role":"mobile","number":"+1 2065550199","smsSignIn":null}','waiting',NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "step" VALUES(10,0,'{"step":"removePhone","user":"a0000000-0000-4000-8000-000000000002","role":"office"}',NULL,'{"of":"phone","user":"a0000000-0000-4000-8000-000000000002","role":"office","number":"+1 2065550152x17","smsSignIn":"notSupported"}','waiting',NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE tick (
    at TEXT NOT NULL,
    sent INTEGER NOT NULL,      -- requests of the run so far
    throttled INTEGER NOT NULL, -- of them answered 429
    ended INTEGER NOT NULL,     -- rows
    in_flight INTEGER NOT NULL, -- steps
    allowed_rate REAL,
    paused_for REAL
);
INSERT INTO "tick" VALUES('2026-01-15T09:00:00.000Z',0,0,2,0,NULL,NULL);
CREATE INDEX reservation_of_line ON reservation (line);
COMMIT;
PRAGMA application_id = 1416326250;
PRAGMA user_version = 2;
