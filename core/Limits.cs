namespace NeuroDb;

/// <summary>
/// Every bound of the engine, in one place. Each is checked where input enters, and a test stands
/// one below, at and one above it.
/// </summary>
internal static class Limits
{
    /// <summary>The longest statement, in UTF-16 units (16 MiB of text and literals).</summary>
    public const int StatementLengthMax = 16 * 1024 * 1024;

    /// <summary>The deepest nesting of expressions and subqueries in one statement.</summary>
    public const int NestingDepthMax = 500;

    /// <summary>The most columns of a table or a result.</summary>
    public const int ColumnCountMax = 4096;

    /// <summary>The most primary and unique keys of a table.</summary>
    public const int KeyCountMax = 4096;

    /// <summary>The most columns of an index, as in PostgreSQL.</summary>
    public const int IndexColumnCountMax = 32;

    /// <summary>The most CHECK conditions of a table.</summary>
    public const int CheckCountMax = 65_536;

    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int NameLengthMax = 255;

    /// <summary>The most parameters of one statement, as in SQLite.</summary>
    public const int ParameterCountMax = 32_766;

    /// <summary>The largest VECTOR dimension.</summary>
    public const int VectorDimensionMax = 65_536;

    /// <summary>The most digits of a DECIMAL: what <see cref="decimal"/> holds exactly.</summary>
    public const int DecimalPrecisionMax = 28;

    /// <summary>The largest TEXT or BLOB value in memory, in bytes.</summary>
    public const int ValueSizeBytesMax = 256 * 1024 * 1024;

    /// <summary>
    /// TEXT and BLOB values from this size on, in bytes, lie in files of their own, and their rows
    /// hold a reference.
    /// </summary>
    public const int LargeValueSizeBytesMin = 64 * 1024;

    /// <summary>The largest TEXT or BLOB value, in bytes: 2 GiB.</summary>
    public const long LargeValueSizeBytesMax = 2L * 1024 * 1024 * 1024;

    /// <summary>The large values that one batch of rows brings into memory, in bytes.</summary>
    public const int LargeBatchSizeBytesMax = 16 * 1024 * 1024;

    /// <summary>The longest row of a file that COPY reads, in bytes.</summary>
    public const int CopyRecordSizeBytesMax = 512 * 1024 * 1024;

    /// <summary>Rows in one column batch of the query layer.</summary>
    public const int BatchRowCount = 2048;

    /// <summary>Rows in one chunk of a table: addresses are chunk * rows + row.</summary>
    public const int ChunkRowCount = 4096;

    /// <summary>The most statements kept in the statement cache.</summary>
    public const int CachedStatementCountMax = 512;

    /// <summary>The longest statement kept in the statement cache, in UTF-16 units.</summary>
    public const int CachedStatementLengthMax = 64 * 1024;

    /// <summary>The most tables joined in one FROM clause.</summary>
    public const int JoinedTableCountMax = 64;

    /// <summary>The most grouping sets of one GROUP BY.</summary>
    public const int GroupingSetCountMax = 4096;

    /// <summary>How deep triggers set off triggers.</summary>
    public const int TriggerDepthMax = 64;

    /// <summary>The pixels of a side that an IMAGE column may ask for.</summary>
    public const int ImageSideMax = 8192;

    /// <summary>The fewest samples in a second of sound that is read.</summary>
    public const int AudioRateMin = 1000;

    /// <summary>The most samples in a second of sound that is read.</summary>
    public const int AudioRateMax = 384_000;

    /// <summary>The most channels of sound that is read.</summary>
    public const int AudioChannelsMax = 32;

    /// <summary>The longest sound that is read.</summary>
    public const int AudioSecondsMax = 3600;

    /// <summary>The most samples of a channel of sound that is read.</summary>
    public const int AudioSamplesMax = 1 << 26;

    /// <summary>The most labels of an ENUM.</summary>
    public const int EnumLabelCountMax = 50_000;

    /// <summary>The most fields of a STRUCT.</summary>
    public const int StructFieldCountMax = 1000;

    /// <summary>How deep types with fields lie in each other.</summary>
    public const int TypeDepthMax = 32;

    /// <summary>The most bits that a BIT column may ask for.</summary>
    public const int BitStringLengthMax = 1 << 20;
}
