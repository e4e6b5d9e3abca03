// The grammar of the SQL dialect: from tokens to statements.
//
// SqlScanner makes the tokens. A keyword's token is named as the keyword, so a new keyword is a new
// name in the first tokens block and, unless it is structural, a new alternative of
// unreservedKeyword; no keyword is reserved that need not be.
//
// Operators are not layered into rules here: an expression is a flat chain of operands and
// operators, and ExpressionBuilder gives it its shape by precedence. That keeps long chains flat,
// the automaton small and nearly every decision at one token, which generated code takes without
// the prediction engine; that is what a cold start pays for. A bracket that may hold a query or an expression is one rule for the same reason.
parser grammar NeuroSql;

options {
    superClass = SqlParserBase;
}

tokens {
    // Keywords.
    ACTION, ADD, AFTER, ALL, ALTER, ALWAYS, ANALYZE, AND, AS, ASC, AUTOINCREMENT, BACKUP, BEFORE,
    BEGIN, BETWEEN, BOTH, BY, CASCADE, CASE, CAST, CHECK, CHECKPOINT, COLLATE, COLUMN, COMMENT, COMMIT,
    CONFLICT, CONSTRAINT, COPY, CREATE, CROSS, CURRENT_DATE, CURRENT_TIME, CURRENT_TIMESTAMP, DATA,
    DEALLOCATE, DEFAULT, DEFERRABLE, DEFERRED, DELETE, DESC, DESCRIBE, DISTINCT, DO, DOMAIN, DROP, EACH, ELSE, END,
    ESCAPE, EVALUATE, EXCEPT, EXCLUDE, EXCLUSIVE, EXECUTE, EXISTS, EXPLAIN, EXPORT, FALSE, FETCH, FILTER,
    FIRST, FOLLOWING, FOR, FOREIGN, FROM, FULL, FUNCTION, GENERATED, GLOB, GROUP, GROUPS, HAVING, IDENTITY,
    IF, IGNORE, ILIKE, IMMEDIATE, IMPORT, IN, INDEX, INITIALLY, INNER, INSERT, INSTEAD, INTERSECT,
    INTO, IS, ISNULL, ISOLATION, JOIN, KEY, LAMBDA, LAST, LATERAL, LEADING, LEFT, LEVEL, LIKE, LIMIT, MACRO,
    MATCH, MATERIALIZED, MERGE, MODEL, NATURAL, NEXT, NO, NOT, NOTHING, NOTNULL, NULL, NULLS, OF, OFFSET, ON,
    ONLY, OR, ORDER, OUTER, OVER, OVERRIDING, PARTITION, PLACING, PLAN, PRAGMA, PRECEDING,
    PRECISION, PREDICT, PREDICTION, PREPARE, PRIMARY, QUALIFY, QUERY, RANGE, RECURSIVE, REFERENCES, REGEXP,
    READ, REINDEX, RELEASE, RENAME, REPLACE, RESET, RESPECT, RESTRICT, RETRAIN, RETURN, RETURNING, RETURNS,
    RIGHT, ROLLBACK, ROW, ROWS, SAVEPOINT, SCHEMA, SELECT, SEQUENCE, SET, SETS, SHOW, SPLIT, START, STORED, TABLE, TEMP,
    TEMPORARY, THEN, TO, TRAILING, TRANSACTION, TRANSFORM, TRIGGER, TRUE, TRUNCATE, TUNE, TYPE,
    UNION, UNIQUE, UPDATE, USING, VACUUM, VALUES, VARYING, VIEW, VIRTUAL, WHEN, WHERE, WINDOW, WITH,
    WITHIN, WORK,

    // What has a text of its own.
    IDENTIFIER, INTEGER_NUMBER, DECIMAL_NUMBER, DOUBLE_NUMBER, TEXT_STRING, BLOB_STRING, PARAMETER,

    // The ON of ON CONFLICT; SqlTokenStream tells it from the ON of a join.
    ON_CONFLICT,

    // The SEMI, ANTI and ASOF of a join, TABLESAMPLE with its method, the words SIMILAR TO, and
    // PIVOT and UNPIVOT where no name can be meant.
    SEMI, ANTI, ASOF, TABLE_SAMPLE, SIMILAR_TO, PIVOT, UNPIVOT,

    // The words AT TIME ZONE, the statements of a trigger, the DAY of INTERVAL '1' DAY.
    AT_TIME_ZONE, TRIGGER_BODY, INTERVAL_UNIT,

    // The @2 of model@2: directly behind a name.
    MODEL_VERSION,

    // Punctuation and operators.
    LEFT_PARENTHESIS, RIGHT_PARENTHESIS, LEFT_BRACKET, RIGHT_BRACKET, LEFT_BRACE, RIGHT_BRACE, COMMA, DOT, ARROW, COLON,
    DOUBLE_COLON,
    PLUS, MINUS, STAR, SLASH, PERCENT, TILDE, CARET, DOUBLE_SLASH, HASH, PREFIX_MATCH,
    EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL,
    CONCATENATE, AMPERSAND, BAR, SHIFT_LEFT, SHIFT_RIGHT,
    L2_DISTANCE, COSINE_DISTANCE, INNER_PRODUCT, L1_DISTANCE, HAMMING_DISTANCE,
    JACCARD_DISTANCE, JSON_MEMBER, JSON_TEXT,
    JSON_PATH, JSON_PATH_TEXT, CONTAINS, CONTAINED, OVERLAPS, HAS_WORDS,
    NOT_MATCH, CASELESS_MATCH, NOT_CASELESS_MATCH
}

oneStatement : (explain | statement) EOF ;

oneExpression : expression EOF ;

explain
    : EXPLAIN
      ( ( ANALYZE
        | QUERY PLAN
        | LEFT_PARENTHESIS explainOption (COMMA explainOption)* RIGHT_PARENTHESIS
        )?
        statement
      | MODEL modelName
      | explainPrediction
      )
    ;

explainOption : name simpleExpression? ;

// WITH may stand before a change too, so queries are written out here.
statement
    : (select | values | wholeTable) queryTail
    | LEFT_PARENTHESIS query RIGHT_PARENTHESIS queryTail
    | withClause (queryTerm queryTail | insert | update | delete | merge)
    | insert
    | update
    | delete
    | merge
    | CREATE (OR REPLACE)? (IDENTIFIER? (TEMP | TEMPORARY))?
      ( createTable | createView | createTrigger | createSequence | createIndex | createModel
      | createExternal | createSchema | createFunction | createType | createDomain
      )
    | drop
    | ALTER (alterIndex | alterTable | alterObject | alterModel)
    | truncate
    | analyze
    | comment
    | reindex
    | transaction
    | setting
    | maintenance
    | copy
    | modelStatement
    | prepared
    ;

insert
    : (INSERT (OR name)? | REPLACE) INTO qualifiedName insertAlias?
      ( LEFT_PARENTHESIS
        ( name (COMMA name)* RIGHT_PARENTHESIS overriding? (query | DEFAULT VALUES)
        | query RIGHT_PARENTHESIS queryTail
        )
      | (BY name)? overriding? plainQuery
      | DEFAULT VALUES
      )
      onConflict*
      returning?
    ;

onConflict
    : ON_CONFLICT CONFLICT
      ( LEFT_PARENTHESIS indexColumn (COMMA indexColumn)* RIGHT_PARENTHESIS where?
      | ON CONSTRAINT name
      )?
      DO (NOTHING | UPDATE SET assignment (COMMA assignment)* where?)
    ;

insertAlias : AS name ;

overriding : OVERRIDING name name ;

update
    : UPDATE (OR name)? qualifiedName alias? SET assignment (COMMA assignment)*
      (FROM tableReference (COMMA tableReference)*)? where? orderBy? rowLimit* returning?
    ;

assignment : (name | nameList) EQUAL (expression | DEFAULT) ;

delete
    : DELETE FROM qualifiedName alias? (USING tableReference (COMMA tableReference)*)?
      where? orderBy? rowLimit* returning?
    ;

merge
    : MERGE INTO qualifiedName alias? USING tableReference (ON expression | USING nameList)
      mergeClause+ returning?
    ;

// MATCHED, and BY SOURCE or BY TARGET, are names, which the builder knows.
mergeClause
    : WHEN NOT? name (BY name)? (AND expression)? THEN
      ( UPDATE SET assignment (COMMA assignment)*
      | DELETE
      | DO NOTHING
      | INSERT nameList? overriding? (VALUES row | DEFAULT VALUES)
      )
    ;

returning : RETURNING selectItem (COMMA selectItem)* ;

createTable
    : IDENTIFIER? TABLE ifNotExists? qualifiedName
      ( LEFT_PARENTHESIS (tableElement (COMMA tableElement)* COMMA?)? RIGHT_PARENTHESIS
        tableOption* (AS query withData?)?
      | tableOption* AS query withData?
      )
    ;

withData : WITH NO? DATA ;

// What other systems say about storage: read, and told to mean nothing here.
tableOption
    : COMMA? name (EQUAL (name | INTEGER_NUMBER | TEXT_STRING))?
    | WITH LEFT_PARENTHESIS option (COMMA option)* RIGHT_PARENTHESIS
    | ON COMMIT name ROWS?
    ;

createView : VIEW ifNotExists? qualifiedName nameList? AS query ;

createTrigger
    : TRIGGER ifNotExists? qualifiedName (BEFORE | AFTER | INSTEAD OF)?
      (INSERT | DELETE | UPDATE (OF name (COMMA name)*)?) ON qualifiedName
      (FOR EACH ROW)? (WHEN expression)? BEGIN TRIGGER_BODY END
    ;

createSchema : SCHEMA ifNotExists? name ;

// CREATE FUNCTION f(a INT, b INT DEFAULT 1) RETURNS INT LANGUAGE sql RETURN a + b, and in its place
// AS a + b, AS TABLE SELECT .., AS 'SELECT ..'
createFunction
    : (FUNCTION | MACRO) ifNotExists? qualifiedName
      LEFT_PARENTHESIS (functionParameter (COMMA functionParameter)*)? RIGHT_PARENTHESIS
      functionClause+
    ;

functionParameter : (name columnType? | columnType) ((DEFAULT | COLON? EQUAL) expression)? ;

// LANGUAGE sql, IMMUTABLE, STRICT, CALLED ON NULL INPUT and their like are words, which the builder
// knows.
functionClause
    : RETURNS (TABLE LEFT_PARENTHESIS fileColumn (COMMA fileColumn)* RIGHT_PARENTHESIS | typeName)
    | RETURN expression
    | AS (TABLE query | expression)
    | IDENTIFIER
    | NOT
    | ON
    | NULL
    | TEXT_STRING
    ;

// AS ENUM ('a', 'b'), AS STRUCT (a INT), AS (a INT), AS ENUM (query)
createType : TYPE ifNotExists? qualifiedName AS (columnType | typeArguments) ;

createDomain : DOMAIN ifNotExists? qualifiedName AS? columnType columnConstraint* ;

createSequence : SEQUENCE ifNotExists? qualifiedName sequenceWord* ;

// START WITH 1, INCREMENT BY 2, NO CYCLE and the like; the builder knows them.
sequenceWord : qualifiedName | WITH | AS | (PLUS | MINUS)? INTEGER_NUMBER ;

ifNotExists : IF NOT EXISTS ;

tableElement : tableConstraint | columnDefinition | likeTable ;

// LIKE t INCLUDING ALL: the columns of another table.
likeTable : LIKE qualifiedName (name (ALL | name))* ;

columnDefinition : name columnType? columnConstraint* ;

// Words before and behind the arguments: DOUBLE PRECISION, TIMESTAMP(3) WITH TIME ZONE.
columnType
    : bareName (bareName | PRECISION | VARYING)* typeArguments?
      ((bareName | VARYING)+ | WITH bareName bareName)? arraySize*
    ;

columnConstraint
    : (CONSTRAINT name)?
      ( NOT? (NULL | DEFERRABLE initially?)
      | PRIMARY KEY (ASC | DESC)? AUTOINCREMENT?
      | UNIQUE
      | DEFAULT defaultValue
      | CHECK parenthesized
      | COLLATE name
      | references
      | (GENERATED (ALWAYS | BY DEFAULT))? AS generation
      )
    ;

// Arithmetic without brackets, up to the next keyword.
defaultValue
    : (PLUS | MINUS)*
      ( INTEGER_NUMBER | DECIMAL_NUMBER | DOUBLE_NUMBER | TEXT_STRING | BLOB_STRING
      | NULL | TRUE | FALSE | PARAMETER | primary
      )
      ( DOUBLE_COLON typeName
      | (CONCATENATE | PLUS | MINUS | STAR | SLASH | PERCENT) (PLUS | MINUS)*
        ( INTEGER_NUMBER | DECIMAL_NUMBER | DOUBLE_NUMBER | TEXT_STRING | BLOB_STRING
        | NULL | TRUE | FALSE | PARAMETER | primary
        )
      )*
    ;

generation
    : IDENTITY (LEFT_PARENTHESIS sequenceWord* RIGHT_PARENTHESIS)?
    | parenthesized (STORED bareName? | VIRTUAL)?
    ;

initially : INITIALLY (DEFERRED | IMMEDIATE) ;

references : REFERENCES qualifiedName nameList? referenceRule* ;

referenceRule
    : ON (DELETE | UPDATE) (NO ACTION | RESTRICT | CASCADE | SET (NULL | DEFAULT))
    | MATCH (FULL | name)
    ;

tableConstraint
    : (CONSTRAINT name)?
      ( (PRIMARY KEY | UNIQUE)
        LEFT_PARENTHESIS indexColumn (COMMA indexColumn)* RIGHT_PARENTHESIS
      | CHECK parenthesized
      | FOREIGN KEY nameList references (NOT? DEFERRABLE initially? | initially)?
      )
    ;

alterTable
    : TABLE (IF EXISTS)? ONLY? qualifiedName tableChange (COMMA tableChange)*
    ;

tableChange
    : ADD (tableConstraint | COLUMN? ifNotExists? columnDefinition)
    | DROP (CONSTRAINT (IF EXISTS)? name | COLUMN? (IF EXISTS)? name) dropBehaviour?
    | RENAME (TO name | (CONSTRAINT | COLUMN)? name TO name)
    | ALTER COLUMN? name columnChange
    ;

columnChange
    : SET ( DEFAULT expression | NOT NULL | DATA TYPE newType
          | MODEL modelName (bareName bareName)?
          )
    | DROP (DEFAULT | NOT NULL | name (IF EXISTS)?)
    | TYPE newType
    ;

newType : columnType (COLLATE name)? (USING expression)? ;

alterObject
    : (VIEW | SEQUENCE) (IF EXISTS)? qualifiedName (RENAME TO name | sequenceWord+)
    | TYPE (IF EXISTS)? qualifiedName
      ( ADD IDENTIFIER ifNotExists? TEXT_STRING ((BEFORE | AFTER) TEXT_STRING)?
      | RENAME (TO name | IDENTIFIER TEXT_STRING TO TEXT_STRING)
      )
    ;

dropBehaviour : CASCADE | RESTRICT ;

truncate
    : TRUNCATE TABLE? qualifiedName (COMMA qualifiedName)* (name IDENTITY)? dropBehaviour?
    ;

analyze : ANALYZE (qualifiedName nameList?)? ;

// A trigger may be told with its table, as in PostgreSQL.
comment
    : COMMENT ON
      ( TABLE | COLUMN | INDEX | VIEW | TRIGGER | SEQUENCE | MODEL | TYPE | DOMAIN | FUNCTION
      | SCHEMA
      )
      qualifiedName (ON qualifiedName)? IS (TEXT_STRING | NULL)
    ;

createIndex
    : UNIQUE? INDEX ifNotExists? name? ON qualifiedName (USING name)?
      LEFT_PARENTHESIS indexColumn (COMMA indexColumn)* RIGHT_PARENTHESIS
      (WITH LEFT_PARENTHESIS option (COMMA option)* RIGHT_PARENTHESIS)?
      where?
    ;

indexColumn : expression bareName? (ASC | DESC)? (NULLS (FIRST | LAST))? ;

option : name EQUAL settingValue ;

alterIndex : INDEX (IF EXISTS)? qualifiedName RENAME TO name ;

reindex : REINDEX ((INDEX | TABLE)? qualifiedName)? ;

drop
    : DROP
      ( (TABLE | INDEX | VIEW | TRIGGER | SEQUENCE | SCHEMA | TYPE | DOMAIN | (FUNCTION | MACRO) TABLE?)
        (IF EXISTS)? qualifiedName (COMMA qualifiedName)* (ON qualifiedName)?
        (LEFT_PARENTHESIS (columnType (COMMA columnType)*)? RIGHT_PARENTHESIS)? dropBehaviour?
      | dropModel
      )
    ;

// VERSION 3, VERSIONS BEFORE 3
dropModel
    : MODEL (IF EXISTS)? qualifiedName (COMMA qualifiedName)* (name BEFORE? INTEGER_NUMBER)?
    ;

transaction
    : BEGIN (DEFERRED | IMMEDIATE | EXCLUSIVE)? (TRANSACTION | WORK)? transactionModes?
    | START TRANSACTION transactionModes?
    | (COMMIT | END) (TRANSACTION | WORK)?
    | ROLLBACK (MODEL qualifiedName | (TRANSACTION | WORK)? (TO SAVEPOINT? name)?)
    | SAVEPOINT name
    | RELEASE SAVEPOINT? name
    ;

transactionModes : transactionMode (COMMA? transactionMode)* ;

// READ WRITE, READ ONLY
transactionMode : ISOLATION LEVEL name name? | READ (ONLY | name) | NOT? DEFERRABLE ;

setting
    : SET qualifiedName (EQUAL | TO) settingValue
    | SET IDENTIFIER qualifiedName (EQUAL | TO)? settingValue
    | SET qualifiedName settingValue
    | RESET (ALL | qualifiedName)
    | (SHOW | DESCRIBE) qualifiedName qualifiedName?
    | DESCRIBE (plainQuery | wholeTable)
    | PRAGMA qualifiedName
      (EQUAL settingValue | LEFT_PARENTHESIS settingValue RIGHT_PARENTHESIS)?
    ;

maintenance : CHECKPOINT | VACUUM (INTO TEXT_STRING)? | BACKUP TO TEXT_STRING ;

// The file is a text or a parameter; an option is a word with or without a value.
copy
    : COPY (qualifiedName nameList? | LEFT_PARENTHESIS query RIGHT_PARENTHESIS) (FROM | TO)
      (TEXT_STRING | PARAMETER)
      (WITH? LEFT_PARENTHESIS copyOption (COMMA copyOption)* RIGHT_PARENTHESIS)?
    ;

copyOption : (name | NULL) EQUAL? simpleExpression? ;

settingValue : expression | ON | DEFAULT ;

// Models. Words that only one place knows (STRATIFY, WARM, FREEZE, SEARCH, TOP) are names here, and
// the builder says which it expected.

createModel : MODEL ifNotExists? qualifiedName modelClause* AS query ;

// EXTERNAL MODEL m TYPE regressor INPUT (a DOUBLE) OUTPUT (y DOUBLE) LOCATION 'delegate:Price'
createExternal
    : IDENTIFIER MODEL ifNotExists? qualifiedName TYPE name fileClause*
      IDENTIFIER (TEXT_STRING | PARAMETER)
    ;

// The clauses come in any order, each once.
modelClause
    : TYPE name
    | PREDICT name (COMMA name)*
    | TRANSFORM LEFT_PARENTHESIS transformItem (COMMA transformItem)* RIGHT_PARENTHESIS
    | USING (COLUMN name | architecture)
    | SPLIT LEFT_PARENTHESIS splitItem (COMMA splitItem)* RIGHT_PARENTHESIS
    | (IDENTIFIER | ORDER | GROUP) BY name
    | modelOptions
    ;

modelOptions : WITH LEFT_PARENTHESIS option (COMMA option)* RIGHT_PARENTHESIS ;

transformItem : expression (AS name)? ;

architecture : name arguments? ;

splitItem
    : name LAST? EQUAL? (INTEGER_NUMBER | DECIMAL_NUMBER | DOUBLE_NUMBER)
    ;

alterModel
    : MODEL (IF EXISTS)? qualifiedName
      ( SET ( LEFT_PARENTHESIS option (COMMA option)* RIGHT_PARENTHESIS
            | name name INTEGER_NUMBER
            )
      | RENAME TO name
      | IDENTIFIER TO? name
      )
    ;

modelStatement
    : RETRAIN MODEL qualifiedName retrainClause* (AS query)?
    | TUNE MODEL qualifiedName tuneClause* (AS query)?
    | EVALUATE MODEL modelName (ON (name | LEFT_PARENTHESIS query RIGHT_PARENTHESIS))? attack?
    | EXPORT MODEL modelName TO (TEXT_STRING | PARAMETER) fileClause*
    | IMPORT MODEL qualifiedName FROM (TEXT_STRING | PARAMETER) fileClause*
    ;

// ATTACK pgd (epsilon = .1)
attack : IDENTIFIER name (LEFT_PARENTHESIS option (COMMA option)* RIGHT_PARENTHESIS)? ;

// FORMAT onnx, SIGNED BY 'key.pem', INPUT (a DOUBLE, b DOUBLE), OUTPUT (y DOUBLE)
fileClause
    : IDENTIFIER
      ( BY (TEXT_STRING | PARAMETER)
      | name
      | LEFT_PARENTHESIS fileColumn (COMMA fileColumn)* RIGHT_PARENTHESIS
      )
    ;

fileColumn : name columnType ;

// WARM START, KEEP, FREEZE 1 TO 3
retrainClause
    : IDENTIFIER (START | INTEGER_NUMBER (TO INTEGER_NUMBER)?)?
    | modelOptions
    ;

// SEARCH halving (..), METRIC f1_macro, WITHIN 60 SECONDS
tuneClause
    : IDENTIFIER name (LEFT_PARENTHESIS tuneItem (COMMA tuneItem)* RIGHT_PARENTHESIS)?
    | WITHIN INTEGER_NUMBER name
    | modelOptions
    ;

tuneItem : name IN LEFT_PARENTHESIS expression (COMMA expression)* RIGHT_PARENTHESIS ;

explainPrediction
    : PREDICTION modelName USING LEFT_PARENTHESIS selectItem (COMMA selectItem)*
      RIGHT_PARENTHESIS (IDENTIFIER (name | INTEGER_NUMBER))*
    ;

modelName : qualifiedName MODEL_VERSION? ;

prepared
    : PREPARE name (LEFT_PARENTHESIS columnType (COMMA columnType)* RIGHT_PARENTHESIS)?
      AS statement
    | EXECUTE name (LEFT_PARENTHESIS expression (COMMA expression)* RIGHT_PARENTHESIS)?
    | DEALLOCATE PREPARE? (ALL | name)
    ;

// Queries.

query
    : plainQuery
    | wholeTable queryTail
    | LEFT_PARENTHESIS query RIGHT_PARENTHESIS queryTail
    ;

// A query that does not begin with a bracket.
plainQuery
    : withClause queryTerm queryTail
    | (select | values) queryTail
    ;

withClause : WITH RECURSIVE? commonTable (COMMA commonTable)* ;

// What follows the first term; it may be empty.
queryTail : setTerm* orderBy? rowLimit* rowLock* ;

// FOR UPDATE OF t NOWAIT: read, and told to mean nothing here.
rowLock : FOR bareName+ (COMMA qualifiedName)* ;

setTerm : (UNION | EXCEPT | INTERSECT) (ALL | DISTINCT)? queryTerm ;

commonTable
    : name nameList? AS (NOT? MATERIALIZED)?
      LEFT_PARENTHESIS (query | insert | update | delete | merge) RIGHT_PARENTHESIS
    ;

queryTerm : select | values | wholeTable | LEFT_PARENTHESIS query RIGHT_PARENTHESIS ;

wholeTable : TABLE qualifiedName ;

select
    : ( SELECT (ALL | DISTINCT (ON parenthesized)?)? selectItem (COMMA selectItem)* COMMA?
        intoTable?
        (FROM tableReference (COMMA tableReference)*)?
      | FROM tableReference (COMMA tableReference)*
        (SELECT (ALL | DISTINCT (ON parenthesized)?)? selectItem (COMMA selectItem)*)?
      )
      where?
      groupBy?
      (HAVING expression)?
      (WINDOW namedWindow (COMMA namedWindow)*)?
      (QUALIFY expression)?
    | pivot
    ;

// PIVOT t ON year IN (2000, 2010) USING sum(n) GROUP BY country
// UNPIVOT t ON jan, feb INTO NAME month VALUE n
pivot
    : PIVOT tablePrimary ON expression (COMMA expression)*
      (USING selectItem (COMMA selectItem)*)?
      (GROUP BY expression (COMMA expression)*)?
    | UNPIVOT tablePrimary (IDENTIFIER NULLS)? ON selectItem (COMMA selectItem)*
      (INTO IDENTIFIER name IDENTIFIER name (COMMA name)*)?
    ;

intoTable : INTO (TEMP | TEMPORARY)? TABLE? qualifiedName ;

groupBy : GROUP BY (ALL | groupItem (COMMA groupItem)*) ;

// ROLLUP (..) and CUBE (..) read as calls; only GROUPING takes SETS.
groupItem : expression (SETS arguments)? ;

namedWindow : name AS windowSpecification ;

windowSpecification
    : LEFT_PARENTHESIS IDENTIFIER? (PARTITION BY expression (COMMA expression)*)? orderBy?
      frame? RIGHT_PARENTHESIS
    ;

// UNBOUNDED, CURRENT, NO OTHERS and TIES read as names, so that they are no keywords.
frame
    : (ROWS | RANGE | GROUPS) (BETWEEN frameBound AND frameBound | frameBound)
      (EXCLUDE (GROUP | name name?))?
    ;

frameBound : simpleExpression (ROW | PRECEDING | FOLLOWING) ;

where : WHERE expression ;

values : VALUES row (COMMA row)* ;

row : LEFT_PARENTHESIS rowValue (COMMA rowValue)* RIGHT_PARENTHESIS ;

rowValue : expression | DEFAULT ;

selectItem
    : STAR starChange*
    | expression (AS (name | TEXT_STRING | reservedName) | bareName | starChange+)?
    ;

// * EXCLUDE (a, b), also EXCEPT; * REPLACE (a / 2 AS a)
starChange
    : EXCLUDE name
    | (EXCLUDE | EXCEPT) nameList
    | REPLACE LEFT_PARENTHESIS expression AS name (COMMA expression AS name)* RIGHT_PARENTHESIS
    ;

tableReference : tablePrimary tablePivot* join* ;

// t PIVOT (sum(n) FOR year IN (2000 AS a, 2010)), t UNPIVOT (n FOR month IN (jan, feb))
tablePivot
    : ( PIVOT LEFT_PARENTHESIS selectItem (COMMA selectItem)* FOR pivotValues+
        (GROUP BY expression (COMMA expression)*)?
      | UNPIVOT ((IDENTIFIER | EXCLUDE) NULLS)? LEFT_PARENTHESIS (name | nameList) FOR pivotValues
      )
      RIGHT_PARENTHESIS tableAlias?
    ;

pivotValues
    : simpleExpression IN LEFT_PARENTHESIS selectItem (COMMA selectItem)* RIGHT_PARENTHESIS
    ;

join
    : NATURAL?
      (INNER | CROSS | SEMI | ANTI | ASOF LEFT? | (LEFT | RIGHT | FULL) (OUTER | SEMI | ANTI)?)?
      JOIN
      tablePrimary
      (ON expression | USING nameList)?
    ;

tablePrimary
    : LATERAL?
      ( qualifiedName arguments? (WITH IDENTIFIER)? tableAlias? tableSample?
      | LEFT_PARENTHESIS (plainQuery | (wholeTable | tableReference) queryTail) RIGHT_PARENTHESIS
        tableAlias?
      | values tableAlias?
      )
    ;

// TABLESAMPLE BERNOULLI (10): the share of rows in percent.
tableSample : TABLE_SAMPLE LEFT_PARENTHESIS expression RIGHT_PARENTHESIS ;

alias : AS name | bareName ;

tableAlias : alias nameList? ;

orderBy
    : ORDER BY
      (ALL (ASC | DESC)? (NULLS (FIRST | LAST))? | orderItem (COMMA orderItem)*)
    ;

orderItem : expression (ASC | DESC | USING (LESS | GREATER))? (NULLS (FIRST | LAST))? ;

rowLimit
    : LIMIT (ALL | expression (COMMA expression)?)
    | OFFSET expression (ROW | ROWS)?
    | FETCH (FIRST | NEXT) simpleExpression? (ROW | ROWS) (ONLY | WITH IDENTIFIER)
    ;

// Expressions.

expression
    : (NOT | PLUS | MINUS | TILDE)*
      ( ( INTEGER_NUMBER | DECIMAL_NUMBER | DOUBLE_NUMBER | TEXT_STRING | BLOB_STRING
        | NULL | TRUE | FALSE | PARAMETER
        )
      | primary
      )
      ( DOUBLE_COLON typeName
      | COLLATE name
      | ISNULL
      | NOTNULL
      | contract
      | IN inSource
      | NOT
        ( NULL
        | IN inSource
        | (BETWEEN | LIKE | ILIKE | GLOB | REGEXP | SIMILAR_TO) (NOT | PLUS | MINUS | TILDE)*
          ( ( INTEGER_NUMBER | DECIMAL_NUMBER | DOUBLE_NUMBER | TEXT_STRING | BLOB_STRING
            | NULL | TRUE | FALSE | PARAMETER
            )
          | primary
          )
        )
      | ( IS NOT* ((DISTINCT FROM | PLUS | MINUS | TILDE) (NOT | PLUS | MINUS | TILDE)*)?
        | ( AND | OR | BETWEEN | LIKE | ILIKE | GLOB | REGEXP | SIMILAR_TO | ESCAPE
          | EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL
          | L2_DISTANCE | COSINE_DISTANCE | INNER_PRODUCT | L1_DISTANCE
          | HAMMING_DISTANCE | JACCARD_DISTANCE
          | JSON_MEMBER | JSON_TEXT | JSON_PATH | JSON_PATH_TEXT | CONTAINS | CONTAINED | OVERLAPS
          | HAS_WORDS | AT_TIME_ZONE
          | TILDE | NOT_MATCH | CASELESS_MATCH | NOT_CASELESS_MATCH
          | CONCATENATE | AMPERSAND | BAR | SHIFT_LEFT | SHIFT_RIGHT
          | PLUS | MINUS | STAR | SLASH | PERCENT
          | CARET | DOUBLE_SLASH | HASH | PREFIX_MATCH
          )
          (NOT | PLUS | MINUS | TILDE | ALL)*
        )
        ( ( INTEGER_NUMBER | DECIMAL_NUMBER | DOUBLE_NUMBER | TEXT_STRING | BLOB_STRING
          | NULL | TRUE | FALSE | PARAMETER
          )
        | primary
        )
      )*
    ;

// How sure an answer of a model has to be: WITH PRECISION >= .9 CONFIDENCE .95
contract
    : WITH PRECISION GREATER_EQUAL (INTEGER_NUMBER | DECIMAL_NUMBER | DOUBLE_NUMBER)
      (IDENTIFIER (INTEGER_NUMBER | DECIMAL_NUMBER | DOUBLE_NUMBER))?
    ;

// A constant or a call is for POSITION (x IN y).
inSource : parenthesized | qualifiedName arguments? | TEXT_STRING | PARAMETER ;

// An expression that ends before any keyword: DEFAULT 0 NOT NULL, FETCH FIRST 3 ROWS.
simpleExpression
    : (PLUS | MINUS)*
      ( INTEGER_NUMBER | DECIMAL_NUMBER | DOUBLE_NUMBER | TEXT_STRING | BLOB_STRING
      | NULL | TRUE | FALSE | PARAMETER | primary
      )
      (DOUBLE_COLON typeName)*
    ;

primary
    : ( qualifiedName
        ( arguments callTail
        | TEXT_STRING (INTERVAL_UNIT (TO bareName)?)?
        | INTEGER_NUMBER INTERVAL_UNIT
        | MODEL_VERSION
        | braces
        )?
      | (LEFT | RIGHT | LIKE | CROSS) arguments
      | CURRENT_DATE
      | CURRENT_TIME
      | CURRENT_TIMESTAMP
      | CASE expression? (WHEN expression THEN expression)+ (ELSE expression)? END
      | CAST LEFT_PARENTHESIS expression AS columnType RIGHT_PARENTHESIS
      | EXISTS parenthesized
      | parenthesized
      | braces
      )
      brackets*
    ;

// The elements behind ARRAY; the place of an element, or the first and last of a slice; a field.
brackets
    : LEFT_BRACKET (expression (COMMA expression)*)? (COLON expression?)? RIGHT_BRACKET
    | DOT (name | STAR)
    ;

// {'a': 1, b: 2}, and behind MAP {key: value}
braces : LEFT_BRACE (braceItem (COMMA braceItem)*)? RIGHT_BRACE ;

braceItem : expression COLON expression ;

// A query, an expression, or the list of IN. A tail makes a query of a nested query.
parenthesized
    : LEFT_PARENTHESIS
      (plainQuery | expression (COMMA expression)* queryTail)?
      RIGHT_PARENTHESIS
    ;

arguments
    : LEFT_PARENTHESIS
      ( STAR
      | plainQuery
      | (ALL | DISTINCT)? argument ((COMMA | FROM | FOR | PLACING) argument)* inputs? orderBy?
        recommendation?
      | (BOTH | LEADING | TRAILING) expression? (FROM expression)?
      )?
      RIGHT_PARENTHESIS
    ;

// What may follow the arguments of an aggregate or a window function.
callTail
    : (WITHIN GROUP LEFT_PARENTHESIS orderBy RIGHT_PARENTHESIS)?
      filter?
      ((IGNORE | RESPECT) NULLS)?
      (OVER (name | windowSpecification))?
    ;

// What a model reads: USING *, USING age, lower(name) AS name.
inputs : USING selectItem (COMMA selectItem)* ;

// The first expression of a named argument is its name, and that of an object its kind: MODEL m@2,
// TABLE t, INDEX i.
argument
    : TABLE objectName
    | LAMBDA name (COMMA name)* COLON expression
    | expression (ARROW expression | objectName)?
    ;

objectName : bareName (DOT name)* MODEL_VERSION? ;

// What RECOMMEND leaves out: EXCLUDE SEEN WHERE price < 100 LIMIT 10
recommendation
    : EXCLUDE name (WHERE expression)? (LIMIT expression)?
    | WHERE expression (LIMIT expression)?
    | LIMIT expression
    ;

filter : FILTER LEFT_PARENTHESIS WHERE expression RIGHT_PARENTHESIS ;

typeName : name (PRECISION | VARYING)? typeArguments? arraySize* ;

arraySize : LEFT_BRACKET INTEGER_NUMBER? RIGHT_BRACKET ;

typeArguments
    : LEFT_PARENTHESIS (plainQuery | (typeArgument (COMMA typeArgument)*)?) RIGHT_PARENTHESIS
    ;

// A size, a label of ENUM, a type of MAP, a field of STRUCT with its name before its type.
typeArgument : INTEGER_NUMBER | TEXT_STRING | columnType ;

// Names.

// A star may stand last, and only as an item of SELECT: t.*
qualifiedName : name (DOT (name | STAR))* ;

nameList : LEFT_PARENTHESIS name (COMMA name)* RIGHT_PARENTHESIS ;

// A name where no keyword may follow in its place.
name : IDENTIFIER | unreservedKeyword | trailingKeyword ;

// Behind AS in SELECT any keyword is a name.
reservedName
    : ALL | AND | AS | BETWEEN | BOTH | CASE | CAST | CHECK | CONSTRAINT | CREATE | CROSS | CURRENT_DATE
    | CURRENT_TIME | CURRENT_TIMESTAMP | DEFAULT | DISTINCT | ELSE | END | EXCEPT | EXISTS | FALSE
    | FROM | FULL | GROUP | HAVING | IN | INNER | INTERSECT | INTO | IS | JOIN | LATERAL | LEADING | LEFT
    | LIKE | LIMIT | NATURAL | NOT | NULL | ON | OR | ORDER | PRIMARY | RIGHT | SELECT | TABLE | THEN
    | TRAILING | TRUE | UNION | UNIQUE | USING | VALUES | WHEN | WHERE | WITH
    ;

// A name where a clause may follow: an alias without AS.
bareName : IDENTIFIER | unreservedKeyword ;

// Keywords that begin or continue a clause: names everywhere but as an alias without AS.
trailingKeyword
    : ASC | COLLATE | DEFERRABLE | DESC | ESCAPE | EXCLUDE | FETCH | FILTER | FOR | GENERATED
    | GLOB | GROUPS | IGNORE | ILIKE | ISNULL | NOTNULL | NULLS | OFFSET | OUTER | OVER
    | PARTITION | PLACING | PRECISION | QUALIFY | RANGE | REFERENCES | REGEXP | RESPECT
    | RETURNING | SET | VARYING | WINDOW | WITHIN
    ;

unreservedKeyword
    : ACTION | ADD | AFTER | ALTER | ALWAYS | ANALYZE | AUTOINCREMENT | BACKUP | BEFORE | BEGIN | BY
    | CASCADE | CHECKPOINT | COLUMN | COMMENT | COMMIT | CONFLICT | COPY | DATA | DEALLOCATE | DEFERRED | DELETE
    | DESCRIBE | DO | DOMAIN | DROP | EACH | EVALUATE | EXCLUSIVE | EXECUTE | EXPLAIN | EXPORT | FIRST | FOLLOWING | FOREIGN
    | FUNCTION
    | IDENTITY | IF | IMMEDIATE | IMPORT | INDEX | INITIALLY | INSERT | INSTEAD | ISOLATION | KEY
    | LAMBDA | LAST | LEVEL | MACRO | MATCH | MATERIALIZED | MERGE | MODEL | NEXT | NO | NOTHING | OF | ONLY | OVERRIDING
    | PLAN | PRAGMA | PRECEDING | PREDICT | PREDICTION | PREPARE | QUERY | READ | RECURSIVE | REINDEX | RELEASE
    | RENAME | REPLACE | RESET | RESTRICT | RETRAIN | RETURN | RETURNS | ROLLBACK | ROW | ROWS | SAVEPOINT
    | SCHEMA | SEQUENCE | SETS
    | SHOW | SPLIT | START | STORED | TEMP | TEMPORARY | TO | TRANSACTION | TRANSFORM | TRIGGER
    | TRUNCATE | TUNE | TYPE | UPDATE | VACUUM | VIEW | VIRTUAL | WORK
    ;
