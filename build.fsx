// The build of Smc.Actors: a plain script without packages. `dotnet fsi build.fsx` says how to use it.

open System
open System.ComponentModel
open System.Diagnostics
open System.IO
open System.Text
open System.Text.RegularExpressions
open System.Xml.Linq

let usage =
    """usage: dotnet fsi build.fsx TARGET [--akka packages|embedded] [options]

  test      build, check the format, run all tests, the models and the smoke of the benchmarks
  demo      send a file between two processes over shared memory; options go to smc demo: --size, --seed
  bench     measure beside TCP and Unix domain sockets; options go to smc bench: --only, --quick, --json FILE
  format    format the sources
  pack      make the packages, in artifacts/packages

  --akka    Akka.NET from the registry, or the subset in Embedded/. Without it the registry is asked once;
            the answer stays in Akka.Source.props until --akka gives another or that file is deleted."""

/// What ends the script with one clear line.
exception Refused of string

let refuse reason = raise (Refused reason)

let root = __SOURCE_DIRECTORY__
let inRoot (path: string) = Path.Combine(root, path)
let solution = inRoot "Smc.Actors.sln"
let program source = inRoot $"Host/Smc.Host/bin/{source}/Release/net10.0/smc.dll"
let seconds = float >> TimeSpan.FromSeconds
let minutes = float >> TimeSpan.FromMinutes


// Processes

type Ended =
    { InTime: bool
      Code: int
      Output: string }

    member this.Succeeded = this.InTime && this.Code = 0

let startInfo folder (name: string) (arguments: string list) =
    ProcessStartInfo(name, arguments, WorkingDirectory = folder, UseShellExecute = false)

let start (child: Process) =
    try
        child.Start() |> ignore
    with :? Win32Exception as failure ->
        refuse $"{child.StartInfo.FileName} does not start: {failure.Message}"

/// Runs a program to its end, or to its time limit, and keeps what it prints.
let run limit name arguments =
    let info = startInfo root name arguments
    info.RedirectStandardOutput <- true
    info.RedirectStandardError <- true
    use child = new Process(StartInfo = info)
    let output = StringBuilder()

    let keep (line: DataReceivedEventArgs) =
        if not (isNull line.Data) then
            lock output (fun () -> output.AppendLine line.Data |> ignore)

    child.OutputDataReceived.Add keep
    child.ErrorDataReceived.Add keep
    start child
    child.BeginOutputReadLine()
    child.BeginErrorReadLine()
    let inTime = child.WaitForExit(limit: TimeSpan)

    if not inTime then
        child.Kill(entireProcessTree = true)

    // Waits for the last lines, but not for a grandchild that lives on and holds the pipe open.
    child.WaitForExitAsync().Wait(seconds 2) |> ignore

    { InTime = inTime
      Code = if inTime then child.ExitCode else -1
      Output = lock output (fun () -> output.ToString().Trim()) }

/// Runs a program on this terminal, where the caller stands; Ctrl+C is the program's to handle.
let runOnTerminal name arguments =
    Console.CancelKeyPress.Add(fun pressed -> pressed.Cancel <- true)
    use child = new Process(StartInfo = startInfo Environment.CurrentDirectory name arguments)
    start child
    child.WaitForExit()
    child.ExitCode

/// Prints a step's name when it begins, and its time and a note when it ends.
let step (name: string) note work =
    printf "%-26s" name
    let clock = Stopwatch.StartNew()
    let result = work ()
    printfn "%7.1f s  %s" clock.Elapsed.TotalSeconds (note result)
    result

let verdict (ended: Ended) =
    if ended.Succeeded then ""
    elif ended.InTime then $"failed, exit code {ended.Code}"
    else "failed, out of time"

let emptied (path: string) =
    let folder = inRoot path

    if Directory.Exists folder then
        Directory.Delete(folder, recursive = true)

    Directory.CreateDirectory folder |> ignore
    folder

let requireSdk () =
    if not (run (seconds 30) "dotnet" [ "--version" ]).Succeeded then
        let wanted = Regex.Match(File.ReadAllText(inRoot "global.json"), "\"version\": *\"(.+?)\"").Groups[1].Value
        refuse $"the .NET SDK is missing: global.json asks for {wanted} or a later 10.0"

/// The name of a step that both builds have: the one that was decided for is not named.
let named (name: string) other =
    match other with
    | Some source -> $"{name}, {source}"
    | None -> name

/// One of the two builds beside the one that was decided for.
let akkaOf other = other |> Option.map (fun source -> $"-p:AkkaSource={source}") |> Option.toList

/// Builds in Release; warnings are errors.
let build other project =
    let options = [ "build"; project; "-c"; "Release"; "-v"; "quiet"; "-nologo" ] @ akkaOf other
    step (named "build" other) verdict (fun () -> run (minutes 20) "dotnet" options)

let buildOrEnd project =
    let built = build None project

    if not built.Succeeded then
        printfn "%s" built.Output
        refuse "the build failed"


// Akka.NET: from the registry or embedded

module Akka =
    let private answerFile = inRoot "Akka.Source.props"

    let private floor =
        (XDocument.Load(inRoot "Directory.Packages.props")).Root.Descendants "AkkaVersion" |> Seq.head |> _.Value

    let private line = Version floor |> fun v -> $"{v.Major}.{v.Minor}"

    /// The version of Akka.NET that the packages build has just been restored with.
    let private resolved () =
        let assets = File.ReadAllText(inRoot "Actors/obj/packages/project.assets.json")
        Regex.Match(assets, "\"Akka/(.+?)\"").Groups[1].Value

    type private Answer =
        { Source: string
          /// The version that the registry has, for the packages build alone.
          Version: string option
          Reason: string }

    let private packages version reason = { Source = "packages"; Version = Some version; Reason = reason }
    let private embedded reason = { Source = "embedded"; Version = None; Reason = reason }

    /// Restores what the packages build needs, from the projects themselves.
    let private ask () =
        let limit = minutes 3
        let anew = [ "-p:AkkaSource=packages"; "-p:AkkaResolved=" ]
        let restored = run limit "dotnet" ([ "restore"; solution; "-v"; "quiet" ] @ anew)
        let error = Regex.Match(restored.Output, @"error (NU\d+: .+?)( \[.*)?$", RegexOptions.Multiline)
        let wanted = $"Akka.NET {floor} or a later {line}"

        if not restored.InTime then
            embedded $"the registry did not deliver {wanted} in {limit.TotalSeconds:F0} s"
        elif error.Success then
            embedded $"the registry did not deliver {wanted}: {error.Groups[1].Value}"
        elif not restored.Succeeded then
            embedded $"{wanted} could not be restored, exit code {restored.Code}"
        else
            match resolved () with
            | ofTheLine when ofTheLine.StartsWith(line + ".", StringComparison.Ordinal) ->
                packages ofTheLine $"the registry has Akka.NET {ofTheLine}, asked for {floor} or a later {line}"
            | other -> embedded $"the registry has only Akka.NET {other}, asked for {floor} or a later {line}"

    /// Leaves the answer where every `dotnet build` and every editor follows it.
    let private keep answer =
        // A label is no property: MSBuild does not evaluate it.
        let stamped = { answer with Reason = $"{DateTime.UtcNow:``yyyy-MM-dd``}: {answer.Reason}" }
        let label = XAttribute("Label", stamped.Reason)
        let version = stamped.Version |> Option.map (fun version -> XElement("AkkaResolved", version)) |> Option.toList
        let group = [ XElement("AkkaSource", stamped.Source); XElement("AkkaAskedFor", floor) ] @ version
        XElement("Project", XElement("PropertyGroup", label, group)).Save answerFile
        stamped

    /// The earlier answer; none if the file is missing, not one of ours, or about another floor.
    let private kept () =
        try
            let group = (XDocument.Load answerFile).Root.Element "PropertyGroup"
            let value (name: string) = group.Element(name).Value
            let reason = group.Attribute("Label").Value

            match value "AkkaAskedFor", value "AkkaSource" with
            | askedFor, _ when askedFor <> floor -> None
            | _, "packages" -> Some(packages (value "AkkaResolved") reason)
            | _, "embedded" -> Some(embedded reason)
            | _ -> None
        with _ ->
            None

    /// What is forced is not asked about, except that the packages must be there.
    let private force source =
        if source = "embedded" then
            keep (embedded "forced by --akka embedded")
        else
            match ask () with
            | { Source = "packages" } as answer -> keep { answer with Reason = $"forced by --akka packages; {answer.Reason}" }
            | answer -> refuse $"--akka packages: {answer.Reason}"

    /// Decides between the two builds.
    let decide forced =
        let decision () =
            match forced with
            | Some source -> force source
            | None -> kept () |> Option.defaultWith (ask >> keep)

        step "Akka.NET" (fun answer -> $"{answer.Source} ({answer.Reason})") decision |> _.Source


// Tests

type Failure = { Name: string; Message: string }

type Outcome =
    { Passed: int
      Skipped: int
      Failures: Failure list }

let failed outcome = List.length outcome.Failures
let nothing = { Passed = 0; Skipped = 0; Failures = [] }
let failure name message = { nothing with Failures = [ { Name = name; Message = message } ] }

let (++) a b =
    { Passed = a.Passed + b.Passed
      Skipped = a.Skipped + b.Skipped
      Failures = a.Failures @ b.Failures }

let totals outcome =
    let skipped = if outcome.Skipped > 0 then $", {outcome.Skipped} skipped" else ""
    $"{outcome.Passed} passed, {failed outcome} failed{skipped}"

/// The results that `dotnet test` writes.
module Trx =
    let private named name (parent: XContainer) =
        parent.Descendants() |> Seq.filter (fun e -> e.Name.LocalName = name) |> List.ofSeq

    let private attribute name (element: XElement) =
        element.Attribute(XName.Get name) |> Option.ofObj |> Option.map _.Value |> Option.defaultValue ""

    let private text name element =
        named name element |> List.tryHead |> Option.map _.Value.Trim() |> Option.defaultValue ""

    let private isBad result =
        List.contains (attribute "outcome" result) [ "Failed"; "Error"; "Timeout"; "Aborted" ]

    /// The message, what the test printed (its seed), and the first line of the test's own code on the stack.
    let private explain result =
        let ownFrame = text "StackTrace" result |> _.Split('\n') |> Array.filter _.Contains(" in ") |> Array.truncate 1

        [ text "Message" result; text "StdOut" result; yield! ownFrame ]
        |> List.filter (String.IsNullOrWhiteSpace >> not)
        |> String.concat "\n"

    let read (file: string) =
        let trx = XDocument.Load file
        let counters = named "Counters" trx |> List.head
        let count name = counters |> attribute name |> int

        let bad =
            [ for result in named "UnitTestResult" trx do
                  if isBad result then
                      { Name = attribute "testName" result; Message = explain result } ]

        // A host that crashed leaves an error of the run instead of a result; xunit's own lines only repeat a result.
        let broken =
            [ for info in named "RunInfo" trx do
                  let message = text "Text" info

                  if isBad info && not (message.EndsWith "[FAIL]") then
                      { Name = Path.GetFileNameWithoutExtension file; Message = message } ]

        // The counters are the truth: whatever they count beyond the results by name fails all the same.
        let counted = List.sumBy count [ "failed"; "error"; "timeout"; "aborted" ]
        let unnamed = { Name = Path.GetFileNameWithoutExtension file; Message = "failed without a result" }

        { Passed = count "passed"
          Skipped = count "total" - count "executed"
          Failures = bad @ List.replicate (max 0 (counted - bad.Length)) unnamed @ broken }

/// Runs one project's tests. A crash, the end of its time or missing results are a failure at least.
let runTests results other (project: string) =
    let name = Path.GetFileNameWithoutExtension project
    let folder = Path.Combine(results, defaultArg other "")
    let file = Path.Combine(folder, name + ".trx")

    let work () =
        let logger = [ "--logger"; $"trx;LogFileName={name}.trx"; "--results-directory"; folder ]
        let options = [ "-c"; "Release"; "--no-build" ] @ logger @ akkaOf other
        let ended = run (minutes 15) "dotnet" ("test" :: project :: options)
        let outcome = if File.Exists file then Trx.read file else nothing

        if not ended.InTime then outcome ++ failure name "out of time: 15 minutes"
        elif not (File.Exists file) then failure name $"no results, exit code {ended.Code}\n{ended.Output}"
        elif ended.Code <> 0 && failed outcome = 0 then failure name $"exit code {ended.Code}\n{ended.Output}" ++ outcome
        elif outcome = nothing then failure name "found no test"
        else outcome

    let outcome = step (named name other) totals work
    { outcome with Failures = outcome.Failures |> List.map (fun failure -> { failure with Name = named failure.Name other }) }

/// A check that is no test: it counts when it fails.
let check name (ended: Ended) =
    if ended.Succeeded then nothing else failure name $"{verdict ended}\n{ended.Output}"

let checkFormat () =
    step "format" verdict (fun () -> run (minutes 10) "dotnet" [ "format"; solution; "--verify-no-changes"; "--no-restore" ])

let smoke = [ "bench"; "--quick"; "--smoke" ]

/// The smoke of every benchmark, as one test.
let runSmoke source =
    let name = $"""smc {String.concat " " smoke}"""

    let work () =
        let ended = run (minutes 10) "dotnet" (program source :: smoke)
        if ended.Succeeded then { nothing with Passed = 1 } else check name ended

    step "bench --smoke" totals work


// Models

let modelTests = inRoot "Tests/Models/Models.Tests.csproj"

let missingTools () =
    let folders = (Environment.GetEnvironmentVariable "PATH").Split ':'
    [ "spin"; "gcc" ] |> List.filter (fun tool -> not (folders |> Array.exists (fun folder -> File.Exists(Path.Combine(folder, tool)))))

let installTools () =
    let install () =
        Environment.SetEnvironmentVariable("DEBIAN_FRONTEND", "noninteractive")
        run (minutes 5) "apt-get" [ "update"; "-qq" ] |> ignore
        run (minutes 10) "apt-get" [ "install"; "-qq"; "-y"; "--no-install-recommends"; "spin"; "gcc"; "libc6-dev" ]

    step "spin, gcc" verdict install |> ignore

/// Whether the models can run; if they cannot, says so by name.
let canRunModels () =
    if not (missingTools ()).IsEmpty && Environment.IsPrivilegedProcess && File.Exists "/etc/debian_version" then
        installTools ()

    match missingTools () with
    | [] -> true
    | missing ->
        let models = Directory.GetFiles(inRoot "Tests/Models", "*.pml") |> Array.map Path.GetFileNameWithoutExtension |> Array.sort
        printfn "models not run: %s (%s missing)" (String.concat ", " models) (String.concat " and " missing)
        false


// Targets

let testProjects withModels =
    Directory.GetFiles(inRoot "Tests", "*.Tests.csproj", SearchOption.AllDirectories)
    |> Array.filter (fun project -> withModels || project <> modelTests)
    |> Array.sort
    |> List.ofArray

/// The projects whose outcome may depend on whose Akka.NET it is.
let withAkka projects =
    let without = [ "Transport.Tests"; "Models.Tests"; "Packages.Tests" ]
    projects |> List.filter (fun (project: string) -> not (List.contains (Path.GetFileNameWithoutExtension project) without))

/// Builds everything, and runs what needs it.
let whenBuilt other tests =
    let built = build other solution
    check (named "build" other) built ++ (if built.Succeeded then tests () else nothing)

let runAllTests forced prepare =
    let source = prepare ()
    let projects = canRunModels () |> testProjects
    let results = emptied "artifacts/test-results"
    let runAll other projects = projects |> List.map (runTests results other) |> List.fold (++) nothing

    let decided =
        whenBuilt None (fun () -> check "format" (checkFormat ()) ++ runAll None projects ++ runSmoke source)

    // Where both builds are possible both are tested, so that they stay the same.
    if source = "packages" && Option.isNone forced then
        let embedded = Some "embedded"
        decided ++ whenBuilt embedded (fun () -> runAll embedded (withAkka projects))
    else
        decided

let printFailure { Name = name; Message = message } =
    printfn "\nFAILED %s" name

    for line in message.Split '\n' |> Array.truncate 60 do
        printfn "  %s" (line.TrimEnd())

let test forced prepare =
    let clock = Stopwatch.StartNew()

    let outcome =
        try
            runAllTests forced prepare
        with
        | Refused reason -> failure "build.fsx" reason
        | error -> failure "build.fsx" (string error)

    List.iter printFailure outcome.Failures
    printfn "\nall of it in %.0f s" clock.Elapsed.TotalSeconds
    printfn "%d passed, %d failed" outcome.Passed (failed outcome)
    if failed outcome = 0 && outcome.Passed > 0 then 0 else 1

let smc source command options =
    buildOrEnd (inRoot "Host/Smc.Host/Smc.Host.csproj")
    printfn ""
    runOnTerminal "dotnet" (program source :: command :: options)

let pack source =
    let folder = emptied "artifacts/packages"

    let packOne (project: string) =
        let options = [ "-c"; "Release"; "-o"; folder; "-v"; "quiet"; "-nologo"; "-p:ContinuousIntegrationBuild=true" ]
        let packed = step "pack" verdict (fun () -> run (minutes 10) "dotnet" ("pack" :: inRoot project :: options))

        if not packed.Succeeded then
            printfn "%s" packed.Output
            refuse $"{project} was not packed"

    packOne "Transport/Smc.Transport.csproj"

    if source = "packages" then
        packOne "Actors/Smc.Actors.csproj"
    else
        printfn "Smc.Actors is not packed: what is published comes from the packages build, and this is the embedded one."

    for package in Directory.GetFiles folder |> Array.sort do
        printfn "%s" (Path.GetRelativePath(root, package))

    0


// The command line

let rec takeAkka arguments =
    match arguments with
    | [] -> None, []
    | "--akka" :: ("packages" | "embedded" as source) :: rest -> Some source, snd (takeAkka rest)
    | "--akka" :: other :: _ -> refuse $"--akka takes packages or embedded, not '{other}'"
    | [ "--akka" ] -> refuse "--akka takes packages or embedded"
    | other :: rest ->
        let source, others = takeAkka rest
        source, other :: others

let withoutOptions target options =
    match options with
    | [] -> ()
    | unknown :: _ -> refuse $"{target} has no option '{unknown}'"

let main arguments =
    let forced, arguments = takeAkka arguments

    let prepare () =
        requireSdk ()
        Akka.decide forced

    match arguments with
    | [] ->
        printfn "%s" usage
        2
    | "help" :: _ ->
        printfn "%s" usage
        0
    | "test" :: options ->
        withoutOptions "test" options
        test forced prepare
    | ("demo" | "bench" as command) :: options ->
        let source = prepare ()
        smc source command options
    | "format" :: options ->
        withoutOptions "format" options
        prepare () |> ignore
        runOnTerminal "dotnet" [ "format"; solution ]
    | "pack" :: options ->
        withoutOptions "pack" options
        prepare () |> pack
    | unknown :: _ -> refuse $"there is no target '{unknown}'; there are test, demo, bench, format and pack"

for name, value in [ "DOTNET_NOLOGO", "1"; "DOTNET_CLI_TELEMETRY_OPTOUT", "1"; "DOTNET_CLI_UI_LANGUAGE", "en" ] do
    Environment.SetEnvironmentVariable(name, value)

try
    fsi.CommandLineArgs |> List.ofArray |> List.tail |> main |> exit
with Refused reason ->
    eprintfn "build.fsx: %s" reason
    exit 2
