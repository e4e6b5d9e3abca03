namespace NeuroDb;

/// <summary>
/// The stable number of every error that NeuroStore raises. A number never changes its meaning;
/// docs/errors.md lists them all and a test raises each one.
/// </summary>
public enum ErrorCode
{
    /// <summary>No error code was given.</summary>
    None = 0,

    /// <summary>The statement does not follow the grammar.</summary>
    SyntaxError = 1001,

    /// <summary>The statement is longer than the limit.</summary>
    StatementTooLong = 1002,

    /// <summary>Expressions or queries are nested deeper than the limit.</summary>
    NestingTooDeep = 1003,

    /// <summary>No table of that name exists.</summary>
    UnknownTable = 1101,

    /// <summary>No column of that name is in scope.</summary>
    UnknownColumn = 1102,

    /// <summary>No function of that name exists.</summary>
    UnknownFunction = 1103,

    /// <summary>No data type of that name exists.</summary>
    UnknownType = 1104,

    /// <summary>A column name matches more than one table in scope.</summary>
    AmbiguousColumn = 1105,

    /// <summary>A name is given twice where it must be unique.</summary>
    DuplicateName = 1106,

    /// <summary>An operator or function does not accept these types.</summary>
    TypeMismatch = 1107,

    /// <summary>A function is called with the wrong number of arguments.</summary>
    WrongArgumentCount = 1108,

    /// <summary>A parameter of the statement has no value, or does not exist in it.</summary>
    ParameterMismatch = 1109,

    /// <summary>The number of values differs from the number of columns.</summary>
    WrongColumnCount = 1110,

    /// <summary>A table of that name exists already.</summary>
    TableExists = 1111,

    /// <summary>An aggregate or a subquery stands where it has no meaning.</summary>
    MisplacedExpression = 1112,

    /// <summary>No setting of that name exists, or it does not take that value.</summary>
    InvalidSetting = 1113,

    /// <summary>The statement is understood, but this version does not carry it out.</summary>
    NotSupported = 1114,

    /// <summary>No window of that name is in the WINDOW clause.</summary>
    UnknownWindow = 1115,

    /// <summary>There is no index of that name.</summary>
    UnknownIndex = 1116,

    /// <summary>An index of that name exists already.</summary>
    IndexExists = 1117,

    /// <summary>Something else depends on what is to be dropped or changed.</summary>
    DependentObjects = 1118,

    /// <summary>There is no view, trigger, sequence or constraint of that name.</summary>
    UnknownObject = 1119,

    /// <summary>A view, trigger, sequence or constraint of that name exists already.</summary>
    ObjectExists = 1120,

    /// <summary>A statement gives a value to a column that is generated.</summary>
    GeneratedColumn = 1121,

    /// <summary>A number does not fit its type.</summary>
    NumericOutOfRange = 2001,

    /// <summary>A text does not read as the type it is converted to.</summary>
    InvalidText = 2002,

    /// <summary>A value may not be converted to the column's type without loss.</summary>
    InvalidConversion = 2003,

    /// <summary>A scalar subquery gave more than one row.</summary>
    MoreThanOneRow = 2004,

    /// <summary>A file does not follow the format that it is read as.</summary>
    MalformedFile = 2005,

    /// <summary>A vector has another dimension than its column or its partner.</summary>
    DimensionMismatch = 2101,

    /// <summary>A vector holds NaN or an infinity.</summary>
    NonFiniteVector = 2102,

    /// <summary>Vectors that different versions of a model made are compared.</summary>
    MixedVersions = 2107,

    /// <summary>NULL is stored into a column that is NOT NULL.</summary>
    NotNullViolation = 3001,

    /// <summary>A primary key or unique key exists already.</summary>
    UniqueViolation = 3002,

    /// <summary>A row fails a CHECK constraint.</summary>
    CheckViolation = 3003,

    /// <summary>A row refers to a row that is not there, or the other way round.</summary>
    ForeignKeyViolation = 3004,

    /// <summary>A trigger refused a change by RAISE.</summary>
    RaisedByTrigger = 3005,

    /// <summary>Another transaction committed a change to the same row first; retry.</summary>
    WriteConflict = 4001,

    /// <summary>A transaction command came without an open transaction.</summary>
    NoTransaction = 4002,

    /// <summary>A transaction is open already.</summary>
    TransactionActive = 4003,

    /// <summary>No savepoint of that name exists.</summary>
    UnknownSavepoint = 4004,

    /// <summary>The path names a file, not a directory.</summary>
    PathIsFile = 5001,

    /// <summary>Another process, or this one, has the database open.</summary>
    DatabaseLocked = 5002,

    /// <summary>The directory is not empty and holds no NeuroStore database.</summary>
    NotADatabase = 5003,

    /// <summary>The database was written by a newer version.</summary>
    NewerFormat = 5004,

    /// <summary>Stored bytes are damaged.</summary>
    Corruption = 5005,

    /// <summary>The operating system refused to read or write.</summary>
    InputOutput = 5006,

    /// <summary>An earlier failure stopped the database; open it again.</summary>
    DatabaseStopped = 5007,

    /// <summary>The database, session or reader is closed.</summary>
    Closed = 5008,

    /// <summary>The database was written by an early version, in another format.</summary>
    OlderFormat = 5009,

    /// <summary>A backup would overwrite what is not an earlier backup of the database.</summary>
    BackupRefused = 5010,

    /// <summary>The database was opened for reading only.</summary>
    ReadOnly = 5011,

    /// <summary>No files of the state that is to be restored are there.</summary>
    RestoreImpossible = 5012,

    /// <summary>A statement names a file outside the folders that are open to it.</summary>
    FileOutsideRoots = 5013,

    /// <summary>The database is encrypted, and no key was given.</summary>
    KeyRequired = 5101,

    /// <summary>The key is not the one that the database is encrypted with.</summary>
    WrongKey = 5102,

    /// <summary>A key was given for a database that is not encrypted.</summary>
    NotEncrypted = 5103,

    /// <summary>A limit of memory, size or count is exceeded.</summary>
    ResourceLimit = 6001,

    /// <summary>The statement was cancelled.</summary>
    Cancelled = 6002,

    /// <summary>The chosen accelerator is not on this machine.</summary>
    AcceleratorMissing = 6003,

    /// <summary>A statement keeps more rows than the memory that it may use.</summary>
    MemoryLimit = 6004,

    /// <summary>A network, an architecture or an option of a model cannot be.</summary>
    InvalidModel = 7001,

    /// <summary>Nothing can be learned from the rows that were given.</summary>
    UntrainableData = 7002,

    /// <summary>The loss left the numbers while training.</summary>
    TrainingDiverged = 7003,

    /// <summary>The bytes of an image are damaged or of an unknown format.</summary>
    MalformedImage = 7004,

    /// <summary>The bytes of a model are damaged.</summary>
    MalformedModel = 7005,

    /// <summary>The bytes of a sound are damaged or of an unknown format.</summary>
    MalformedAudio = 7006,

    /// <summary>An encoder of the program raised an error or gave no vectors.</summary>
    EncoderFailed = 7007,

    /// <summary>
    /// A rule that the engine keeps about itself is broken: a defect of NeuroStore.
    /// </summary>
    InvariantBroken = 9001,
}
