namespace NeuroDb;

/// <summary>
/// Maps every <see cref="ErrorCode"/> to the SQLSTATE that PostgreSQL users expect.
/// </summary>
internal static class SqlState
{
    /// <summary>The five characters for a code; XX000 where no standard state fits.</summary>
    public static string Of(ErrorCode code) => code switch
    {
        ErrorCode.SyntaxError => "42601",
        ErrorCode.StatementTooLong or ErrorCode.NestingTooDeep => "54001",
        ErrorCode.UnknownTable => "42P01",
        ErrorCode.UnknownColumn => "42703",
        ErrorCode.UnknownFunction or ErrorCode.WrongArgumentCount => "42883",
        ErrorCode.UnknownType or ErrorCode.UnknownWindow or ErrorCode.UnknownIndex
            or ErrorCode.UnknownObject => "42704",
        ErrorCode.AmbiguousColumn => "42702",
        ErrorCode.DuplicateName => "42701",
        ErrorCode.TypeMismatch => "42804",
        ErrorCode.ParameterMismatch => "42P02",
        ErrorCode.WrongColumnCount => "42601",
        ErrorCode.TableExists or ErrorCode.IndexExists => "42P07",
        ErrorCode.MisplacedExpression => "42803",
        ErrorCode.InvalidSetting => "22023",
        ErrorCode.NotSupported => "0A000",
        ErrorCode.NumericOutOfRange => "22003",
        ErrorCode.InvalidText => "22P02",
        ErrorCode.InvalidConversion => "22000",
        ErrorCode.MoreThanOneRow => "21000",
        ErrorCode.MalformedFile => "22P04",
        ErrorCode.DimensionMismatch or ErrorCode.NonFiniteVector or ErrorCode.MixedVersions =>
            "22000",
        ErrorCode.NotNullViolation => "23502",
        ErrorCode.UniqueViolation => "23505",
        ErrorCode.ForeignKeyViolation => "23503",
        ErrorCode.RaisedByTrigger => "P0001",
        ErrorCode.DependentObjects => "2BP01",
        ErrorCode.ObjectExists => "42710",
        ErrorCode.GeneratedColumn => "428C9",
        ErrorCode.CheckViolation => "23514",
        ErrorCode.WriteConflict => "40001",
        ErrorCode.NoTransaction => "25P01",
        ErrorCode.TransactionActive => "25001",
        ErrorCode.UnknownSavepoint => "3B001",
        ErrorCode.PathIsFile or ErrorCode.NotADatabase => "58P01",
        ErrorCode.DatabaseLocked => "55006",
        ErrorCode.NewerFormat or ErrorCode.OlderFormat => "58000",
        ErrorCode.BackupRefused => "58P02",
        ErrorCode.ReadOnly => "25006",
        ErrorCode.RestoreImpossible => "58P03",
        ErrorCode.FileOutsideRoots => "42501",
        ErrorCode.Corruption => "XX001",
        ErrorCode.InputOutput => "58030",
        ErrorCode.DatabaseStopped or ErrorCode.Closed => "57P03",
        ErrorCode.KeyRequired or ErrorCode.NotEncrypted => "28000",
        ErrorCode.WrongKey => "28P01",
        ErrorCode.ResourceLimit => "54000",
        ErrorCode.MemoryLimit => "53200",
        ErrorCode.Cancelled => "57014",
        ErrorCode.InvalidModel => "22023",
        ErrorCode.UntrainableData or ErrorCode.TrainingDiverged => "22000",
        ErrorCode.MalformedImage or ErrorCode.MalformedAudio => "22P03",
        ErrorCode.MalformedModel => "XX001",
        ErrorCode.EncoderFailed => "38000",
        ErrorCode.AcceleratorMissing => "58000",
        _ => "XX000",
    };
}
