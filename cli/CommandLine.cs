using System.CommandLine;

namespace NeuroDb.Cli;

/// <summary>What the shell takes from its command line.</summary>
internal static class CommandLine
{
    /// <summary>The command with its argument and options.</summary>
    public static RootCommand Build()
    {
        var path = new Argument<string>("path")
        {
            Description = "The directory of the database, or :memory:",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => ":memory:",
        };
        var command = new Option<string?>("--command", "-c")
        {
            Description = "Run these statements up to the first that fails, and leave",
        };
        var file = new Option<string?>("--file", "-f")
        {
            Description = "Run the statements of a file up to the first that fails, and leave",
        };
        var bail = new Option<bool>("--bail", "-bail")
        {
            Description = "Stop at the first statement that fails where statements come on the "
                + "standard input; without it the others are run, and the exit code is 1",
        };
        var format = new Option<OutputFormat>("--format")
        {
            Description = "How rows are printed: table, csv or json",
            DefaultValueFactory = _ => OutputFormat.Table,
        };
        var keyFile = new Option<string?>("--key-file")
        {
            Description = "Open with the key in a file: 32 bytes or 64 hexadecimal digits",
        };
        var password = new Option<bool>("--password")
        {
            Description = "Open with a password, which is asked for",
        };
        var newKeyFile = new Option<string?>("--new-key-file")
        {
            Description = "Change the key to that in a file and leave",
        };
        var newPassword = new Option<bool>("--new-password")
        {
            Description = "Change the key to a password, which is asked for, and leave",
        };
        var root = new RootCommand("NeuroStore, an embedded neural SQL database.")
        {
            path, command, file, format, bail, keyFile, password, newKeyFile, newPassword,
        };
        root.SetAction(result => ShellHost.Run(
            result.GetValue(path)!,
            result.GetValue(command),
            result.GetValue(file),
            result.GetValue(format),
            result.GetValue(bail),
            new KeyOptions(
                result.GetValue(password),
                result.GetValue(keyFile),
                result.GetValue(newPassword),
                result.GetValue(newKeyFile))));
        root.Subcommands.Add(BuildVerify(keyFile, password));
        root.Subcommands.Add(BuildSalvage(keyFile, password));
        root.Subcommands.Add(BuildRestore(keyFile, password));
        return root;
    }

    private static Command BuildVerify(Option<string?> keyFile, Option<bool> password)
    {
        Argument<string> path = Directory("path", "The directory of the database");
        var quick = new Option<bool>("--quick")
        {
            Description = "Compare the checksums alone",
        };
        var command = new Command("verify", "Look for damage; nothing is changed.")
        {
            path, quick, keyFile, password,
        };
        command.SetAction(result => Repair.Verify(
            result.GetValue(path)!,
            result.GetValue(quick),
            Keys(result.GetValue(password), result.GetValue(keyFile))));
        return command;
    }

    private static Command BuildSalvage(Option<string?> keyFile, Option<bool> password)
    {
        Argument<string> path = Directory("path", "The directory of the damaged database");
        Argument<string> into = Directory("into", "The word INTO");
        Argument<string> target = Directory("newpath", "The new directory");
        var command = new Command("salvage", "Write what can be read into a new database.")
        {
            path, into, target, keyFile, password,
        };
        command.SetAction(result => Repair.Salvage(
            result.GetValue(path)!,
            result.GetValue(into)!,
            result.GetValue(target)!,
            Keys(result.GetValue(password), result.GetValue(keyFile))));
        return command;
    }

    private static Command BuildRestore(Option<string?> keyFile, Option<bool> password)
    {
        Argument<string> path = Directory(
            "path", "The directory of a backup, or of a database that keeps its past");
        Argument<string> into = Directory("into", "The word INTO");
        Argument<string> target = Directory("newpath", "The new directory");
        var at = new Option<DateTimeOffset?>("--at")
        {
            Description = "The moment, such as 2026-05-01T12:00:00Z",
        };
        var commit = new Option<long?>("--commit")
        {
            Description = "The number of the last commit, in the place of the moment",
        };
        var log = new Option<string?>("--log")
        {
            Description = "The directory of the database whose log follows the backup",
        };
        var command = new Command("restore", "Make a database as it was at a moment.")
        {
            path, into, target, at, commit, log, keyFile, password,
        };
        command.SetAction(result => Repair.Restore(
            result.GetValue(path)!,
            result.GetValue(into)!,
            result.GetValue(target)!,
            new RestoreRequest(
                result.GetValue(at), result.GetValue(commit), result.GetValue(log)),
            Keys(result.GetValue(password), result.GetValue(keyFile))));
        return command;
    }

    private static Argument<string> Directory(string name, string description) =>
        new(name) { Description = description };

    private static KeyOptions Keys(bool asksPassword, string? keyFile) =>
        new(asksPassword, keyFile, AsksNewPassword: false, NewKeyFile: null);
}
