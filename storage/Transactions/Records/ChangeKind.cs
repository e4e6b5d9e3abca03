namespace NeuroDb.Storage;

/// <summary>The changes inside a transaction. The numbers are part of the file format.</summary>
internal enum ChangeKind : byte
{
    /// <summary>No change follows.</summary>
    End = 0,

    /// <summary>A table is created: its number and schema.</summary>
    CreateTable = 1,

    /// <summary>A table is dropped: its number.</summary>
    DropTable = 2,

    /// <summary>Row versions end: the table, then row numbers.</summary>
    EndRows = 3,

    /// <summary>Row versions begin: the table, how many, then the columns.</summary>
    Rows = 4,

    /// <summary>
    /// Row versions begin that a segment holds: the table, the segment, its rows, length and
    /// checksum, then the ordinals of the rows in it that are dead from the beginning.
    /// </summary>
    AddSegment = 5,

    /// <summary>An index is dropped: its number.</summary>
    DropIndex = 16,

    /// <summary>
    /// An index is created, or gets another definition under the same number: its definition.
    /// </summary>
    CreateIndex = 17,

    /// <summary>A table gets another definition: its number and schema.</summary>
    AlterTable = 24,

    /// <summary>
    /// What the schema of a table just created or altered does not say: its number and the details.
    /// </summary>
    TableDetails = 25,

    /// <summary>A view, trigger or sequence is there: kind, name and text.</summary>
    PutObject = 26,

    /// <summary>A view, trigger or sequence is dropped: kind and name.</summary>
    DropObject = 27,
}
