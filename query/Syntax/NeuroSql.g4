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
    ALL, ANALYZE, AND, AS, ASC, AUTOINCREMENT, BEGIN, BETWEEN, BY, CASE, CAST, CHECK, COMMIT,
    CONSTRAINT, CREATE, CROSS, CURRENT_DATE, CURRENT_TIME, CURRENT_TIMESTAMP, DEFAULT, DEFERRED,
    DELETE, DESC, DISTINCT, DROP, ELSE, END, ESCAPE, EXCEPT, EXCLUSIVE, EXISTS, EXPLAIN, FALSE,
    FETCH, FILTER, FIRST, FROM, FULL, GLOB, GROUP, HAVING, IF, ILIKE, IMMEDIATE, IN, INDEX, INNER,
    INSERT, INTERSECT, INTO, IS, ISNULL, JOIN, KEY, LAST, LEFT, LIKE, LIMIT, NATURAL, NEXT, NOT,
    NOTNULL, NULL, NULLS, OFFSET, ON, ONLY, OR, ORDER, OUTER, PLAN, PRAGMA, PRECISION, PRIMARY,
    QUERY, RELEASE, RETURNING, RIGHT, ROLLBACK, ROW, ROWS, SAVEPOINT, SELECT, SET, SHOW, START,
    TABLE, THEN, TO, TRANSACTION, TRUE, UNION, UNIQUE, UPDATE, USING, VALUES, VARYING, WHEN, WHERE,
    WITH, WORK,

    // What has a text of its own.
    IDENTIFIER, INTEGER_NUMBER, DECIMAL_NUMBER, DOUBLE_NUMBER, TEXT_STRING, BLOB_STRING, PARAMETER,

    // Punctuation and operators.
    LEFT_PARENTHESIS, RIGHT_PARENTHESIS, COMMA, DOT, ARROW, DOUBLE_COLON,
    PLUS, MINUS, STAR, SLASH, PERCENT, TILDE,
    EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL,
    CONCATENATE, AMPERSAND, BAR, SHIFT_LEFT, SHIFT_RIGHT,
    L2_DISTANCE, COSINE_DISTANCE, INNER_PRODUCT, L1_DISTANCE, JSON_MEMBER, JSON_TEXT
}

oneStatement : (explain | statement) EOF ;

oneExpression : expression EOF ;

explain : EXPLAIN (ANALYZE | QUERY PLAN)? statement ;

statement
    : query
    | insert
    | update
    | delete
    | CREATE (createTable | createIndex)
    | drop
    | transaction
    | setting
    ;

insert
    : INSERT INTO qualifiedName insertAlias?
      ( LEFT_PARENTHESIS
        ( name (COMMA name)* RIGHT_PARENTHESIS (query | DEFAULT VALUES)
        | query RIGHT_PARENTHESIS queryTail
        )
      | plainQuery
      | DEFAULT VALUES
      )
      returning?
    ;

insertAlias : AS name ;

update
    : UPDATE qualifiedName alias? SET assignment (COMMA assignment)* where? returning?
    ;

assignment : name EQUAL (expression | DEFAULT) ;

delete : DELETE FROM qualifiedName alias? where? returning? ;

returning : RETURNING selectItem (COMMA selectItem)* ;

createTable
    : TABLE ifNotExists? qualifiedName
      ( LEFT_PARENTHESIS tableElement (COMMA tableElement)* RIGHT_PARENTHESIS | AS query )
    ;

ifNotExists : IF NOT EXISTS ;

tableElement : columnDefinition | tableConstraint ;

columnDefinition : name columnType? columnConstraint* ;

columnType : name+ typeArguments? ;

columnConstraint
    : (CONSTRAINT name)?
      ( NOT? NULL
      | PRIMARY KEY (ASC | DESC)? AUTOINCREMENT?
      | UNIQUE
      | DEFAULT simpleExpression
      | CHECK parenthesized
      )
    ;

tableConstraint
    : (CONSTRAINT name)? (PRIMARY KEY nameList | UNIQUE nameList | CHECK parenthesized)
    ;

createIndex
    : UNIQUE? INDEX ifNotExists? name? ON qualifiedName (USING name)?
      LEFT_PARENTHESIS indexColumn (COMMA indexColumn)* RIGHT_PARENTHESIS
      (WITH LEFT_PARENTHESIS option (COMMA option)* RIGHT_PARENTHESIS)?
    ;

indexColumn : name bareName? (ASC | DESC)? ;

option : name EQUAL settingValue ;

drop : DROP (TABLE | INDEX) (IF EXISTS)? qualifiedName (COMMA qualifiedName)* ;

transaction
    : BEGIN (DEFERRED | IMMEDIATE | EXCLUSIVE)? (TRANSACTION | WORK)?
    | START TRANSACTION
    | (COMMIT | END) (TRANSACTION | WORK)?
    | ROLLBACK (TRANSACTION | WORK)? (TO SAVEPOINT? name)?
    | SAVEPOINT name
    | RELEASE SAVEPOINT? name
    ;

setting
    : SET qualifiedName (EQUAL | TO) settingValue
    | SHOW qualifiedName
    | PRAGMA qualifiedName
      (EQUAL settingValue | LEFT_PARENTHESIS settingValue RIGHT_PARENTHESIS)?
    ;

settingValue : expression | ON | DEFAULT ;

// Queries.

query : plainQuery | LEFT_PARENTHESIS query RIGHT_PARENTHESIS queryTail ;

// A query that does not begin with a bracket.
plainQuery
    : WITH commonTable (COMMA commonTable)* queryTerm queryTail
    | (select | values) queryTail
    ;

// What follows the first term; it may be empty.
queryTail : setTerm* orderBy? rowLimit* ;

setTerm : (UNION | EXCEPT | INTERSECT) (ALL | DISTINCT)? queryTerm ;

commonTable : name nameList? AS LEFT_PARENTHESIS query RIGHT_PARENTHESIS ;

queryTerm : select | values | LEFT_PARENTHESIS query RIGHT_PARENTHESIS ;

select
    : SELECT (ALL | DISTINCT)? selectItem (COMMA selectItem)*
      (FROM tableReference (COMMA tableReference)*)?
      where?
      (GROUP BY expression (COMMA expression)*)?
      (HAVING expression)?
    ;

where : WHERE expression ;

values : VALUES row (COMMA row)* ;

row : LEFT_PARENTHESIS rowValue (COMMA rowValue)* RIGHT_PARENTHESIS ;

rowValue : expression | DEFAULT ;

selectItem
    : STAR
    | expression (AS (name | TEXT_STRING) | bareName)?
    ;

tableReference : tablePrimary join* ;

join
    : NATURAL? (INNER | CROSS | (LEFT | RIGHT | FULL) OUTER?)? JOIN tablePrimary
      (ON expression | USING nameList)?
    ;

tablePrimary
    : qualifiedName arguments? tableAlias?
    | LEFT_PARENTHESIS (plainQuery | tableReference queryTail) RIGHT_PARENTHESIS tableAlias?
    ;

alias : AS name | bareName ;

tableAlias : alias nameList? ;

orderBy : ORDER BY orderItem (COMMA orderItem)* ;

orderItem : expression (ASC | DESC)? (NULLS (FIRST | LAST))? ;

rowLimit
    : LIMIT (ALL | expression (COMMA expression)?)
    | OFFSET expression (ROW | ROWS)?
    | FETCH (FIRST | NEXT) simpleExpression? (ROW | ROWS) ONLY
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
      | ISNULL
      | NOTNULL
      | IN (parenthesized | qualifiedName)
      | NOT
        ( NULL
        | IN (parenthesized | qualifiedName)
        | (BETWEEN | LIKE | ILIKE | GLOB) (NOT | PLUS | MINUS | TILDE)*
          ( ( INTEGER_NUMBER | DECIMAL_NUMBER | DOUBLE_NUMBER | TEXT_STRING | BLOB_STRING
            | NULL | TRUE | FALSE | PARAMETER
            )
          | primary
          )
        )
      | ( IS NOT* ((DISTINCT FROM | PLUS | MINUS | TILDE) (NOT | PLUS | MINUS | TILDE)*)?
        | ( AND | OR | BETWEEN | LIKE | ILIKE | GLOB | ESCAPE
          | EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL
          | L2_DISTANCE | COSINE_DISTANCE | INNER_PRODUCT | L1_DISTANCE
          | JSON_MEMBER | JSON_TEXT
          | CONCATENATE | AMPERSAND | BAR | SHIFT_LEFT | SHIFT_RIGHT
          | PLUS | MINUS | STAR | SLASH | PERCENT
          )
          (NOT | PLUS | MINUS | TILDE)*
        )
        ( ( INTEGER_NUMBER | DECIMAL_NUMBER | DOUBLE_NUMBER | TEXT_STRING | BLOB_STRING
          | NULL | TRUE | FALSE | PARAMETER
          )
        | primary
        )
      )*
    ;

// An expression that ends before any keyword: DEFAULT 0 NOT NULL, FETCH FIRST 3 ROWS.
simpleExpression
    : (PLUS | MINUS)*
      ( INTEGER_NUMBER | DECIMAL_NUMBER | DOUBLE_NUMBER | TEXT_STRING | BLOB_STRING
      | NULL | TRUE | FALSE | PARAMETER | primary
      )
      (DOUBLE_COLON typeName)*
    ;

primary
    : qualifiedName (arguments filter? | TEXT_STRING)?
    | (LEFT | RIGHT | LIKE) arguments
    | CURRENT_DATE
    | CURRENT_TIME
    | CURRENT_TIMESTAMP
    | CASE expression? (WHEN expression THEN expression)+ (ELSE expression)? END
    | CAST LEFT_PARENTHESIS expression AS columnType RIGHT_PARENTHESIS
    | EXISTS parenthesized
    | parenthesized
    ;

// A query, an expression, or the list of IN. A tail makes a query of a nested query.
parenthesized
    : LEFT_PARENTHESIS
      (plainQuery | expression (COMMA expression)* queryTail)?
      RIGHT_PARENTHESIS
    ;

arguments
    : LEFT_PARENTHESIS (STAR | (ALL | DISTINCT)? argument (COMMA argument)*)? RIGHT_PARENTHESIS
    ;

// The first expression of a named argument is its name.
argument : expression (ARROW expression)? ;

filter : FILTER LEFT_PARENTHESIS WHERE expression RIGHT_PARENTHESIS ;

typeName : name (PRECISION | VARYING)? typeArguments? ;

typeArguments
    : LEFT_PARENTHESIS INTEGER_NUMBER (COMMA INTEGER_NUMBER)* RIGHT_PARENTHESIS
    ;

// Names.

// A star may stand last, and only as an item of SELECT: t.*
qualifiedName : name (DOT (name | STAR))* ;

nameList : LEFT_PARENTHESIS name (COMMA name)* RIGHT_PARENTHESIS ;

// A name where no keyword may follow in its place.
name : IDENTIFIER | unreservedKeyword | trailingKeyword ;

// A name where a clause may follow: an alias without AS.
bareName : IDENTIFIER | unreservedKeyword ;

// Keywords that begin or continue a clause: names everywhere but as an alias without AS.
trailingKeyword
    : ASC | DESC | ESCAPE | FETCH | FILTER | GLOB | ILIKE | ISNULL | NOTNULL | NULLS | OFFSET
    | OUTER | PRECISION | RETURNING | SET | VARYING
    ;

unreservedKeyword
    : ANALYZE | AUTOINCREMENT | BEGIN | BY | COMMIT | DEFERRED | DELETE | DROP | EXCLUSIVE
    | EXPLAIN | FIRST | IF | IMMEDIATE | INDEX | INSERT | KEY | LAST | NEXT | ONLY | PLAN | PRAGMA
    | QUERY | RELEASE | ROLLBACK | ROW | ROWS | SAVEPOINT | SHOW | START | TO | TRANSACTION | UPDATE
    | WORK
    ;
