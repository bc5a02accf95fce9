/// The build of Smc.Actors: dotnet fsi build.fsx TARGET [--akka packages|embedded] [options]. A plain script, no packages.
open System
open System.Diagnostics
open System.IO
open System.Xml.Linq

let usage = """usage: dotnet fsi build.fsx TARGET [--akka packages|embedded] [options]
  demo    build and run the demonstration (options of `smc demo`)
  test    build, check the format, pass all tests, smoke every benchmark
  bench   build and run the benchmarks (--only GROUP,... --quick --json FILE)
  format  format the sources
  pack    make the packages"""

let root = __SOURCE_DIRECTORY__
let path (parts: string list) = Path.Combine(List.toArray (root :: parts))
let smcProgram = path [ "Host"; "Smc.Host"; "bin"; "Release"; "net10.0"; "smc.dll" ]
let results = path [ "artifacts"; "test-results" ]
let modelsProject = path [ "Tests"; "Models"; "Models.Tests.csproj" ]

/// Ends the script with one line that says what is wrong.
let fail (message: string) : 'a =
    eprintfn "build: %s" message
    exit 2

// ---- running programs

let private start (file: string) (arguments: string list) (redirect: bool) =
    let info = ProcessStartInfo(file, arguments, WorkingDirectory = root, RedirectStandardOutput = redirect, RedirectStandardError = redirect)
    try Process.Start info
    with _ -> fail $"{file} cannot be started: is it installed?"

/// Runs a program on this terminal.
let run file arguments =
    use program = start file arguments false
    program.WaitForExit()
    program.ExitCode

/// Runs a program and keeps what it prints; ends it after the limit.
let capture (limit: TimeSpan) file arguments =
    use program = start file arguments true
    let output = program.StandardOutput.ReadToEndAsync()
    let errors = program.StandardError.ReadToEndAsync()
    let ended = program.WaitForExit limit
    if not ended then program.Kill true
    program.WaitForExit()
    (if ended then program.ExitCode else 124), output.Result + errors.Result

/// Runs a step and prints how long it took.
let step (name: string) (work: unit -> 'a) =
    printfn "-- %s" name
    let clock = Stopwatch.StartNew()
    let result = work ()
    printfn "   %s: %.1f s" name clock.Elapsed.TotalSeconds
    result

let isInstalled program =
    (Environment.GetEnvironmentVariable "PATH").Split ':' |> Array.exists (fun folder -> File.Exists(Path.Combine(folder, program)))

// ---- which Akka

let akkaProps = path [ "Akka.Source.props" ]

let writeAkka source (why: string) =
    let today = DateTime.UtcNow.ToString "yyyy-MM-dd"
    File.WriteAllText(akkaProps, $"<!-- {why}, {today} -->\n<Project><PropertyGroup><AkkaSource>{source}</AkkaSource></PropertyGroup></Project>\n")

/// Asks the registry once whether Akka.NET can be restored.
let askRegistry () =
    let folder = Directory.CreateTempSubdirectory "akka-probe-"
    try
        File.WriteAllText(
            Path.Combine(folder.FullName, "probe.csproj"),
            """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
               <ItemGroup><PackageReference Include="Akka" Version="1.5.30" /></ItemGroup></Project>""")
        let code, _ = capture (TimeSpan.FromSeconds 60.0) "dotnet" [ "restore"; folder.FullName ]
        if code = 0 then "packages", "the registry has Akka 1.5.30" else "embedded", "the registry does not hold Akka 1.5.30"
    finally
        folder.Delete true

let chooseAkka (forced: string option) =
    match forced with
    | Some source ->
        writeAkka source "forced by --akka"
        printfn "Akka: %s (forced by --akka)" source
    | None when File.Exists akkaProps ->
        let text = File.ReadAllText akkaProps
        let source = if text.Contains ">packages<" then "packages" else "embedded"
        printfn "Akka: %s (%s)" source (text.Substring(5, text.IndexOf "-->" - 6))
    | None ->
        let source, why = askRegistry ()
        writeAkka source why
        printfn "Akka: %s (%s)" source why

let isPackagesBuild () = File.Exists akkaProps && (File.ReadAllText akkaProps).Contains ">packages<"

// ---- targets

let buildQuietly project =
    let code, output = capture (TimeSpan.FromMinutes 15.0) "dotnet" [ "build"; project; "-c"; "Release"; "-v"; "quiet"; "-nologo" ]
    if code <> 0 then
        printfn "%s" output
        fail $"{project} does not build"

let runSmc command options =
    step "build" (fun () -> buildQuietly (path [ "Host"; "Smc.Host"; "Smc.Host.csproj" ]))
    run "dotnet" (smcProgram :: command :: options)

let installModelTools () =
    let missing = [ "spin"; "gcc" ] |> List.filter (isInstalled >> not)
    if not missing.IsEmpty && Environment.UserName = "root" && isInstalled "apt-get" then
        step "install spin and gcc" (fun () ->
            capture (TimeSpan.FromMinutes 5.0) "apt-get" [ "update"; "-qq" ] |> ignore
            capture (TimeSpan.FromMinutes 5.0) "apt-get" [ "install"; "-y"; "-qq"; "spin"; "gcc"; "libc6-dev" ] |> ignore)
    let models = Directory.GetFiles(path [ "Tests"; "Models" ], "*.pml") |> Array.map Path.GetFileNameWithoutExtension |> Array.sort
    let ready = isInstalled "spin" && isInstalled "gcc"
    if not ready then printfn "models not run: %s (spin or gcc is missing)" (String.Join(", ", models))
    ready

/// The totals of one trx file, and what failed in it.
let readResults (file: string) =
    let ns = XNamespace.Get "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"
    let document = XDocument.Load file
    let counters = document.Descendants(ns + "Counters") |> Seq.head
    let count name = counters.Attribute(XName.Get name).Value |> int
    for result in document.Descendants(ns + "UnitTestResult") do
        if result.Attribute(XName.Get "outcome").Value = "Failed" then
            let text = result.Descendants(ns + "Message") |> Seq.map _.Value |> Seq.tryHead |> Option.defaultValue ""
            printfn "   FAILED %s\n          %s" (result.Attribute(XName.Get "testName").Value) (text.Replace("\n", "\n          "))
    let passed = count "passed"
    passed, count "executed" - passed

let runTests (project: string) =
    let name = Path.GetFileNameWithoutExtension project
    let trx = Path.Combine(results, name + ".trx")
    step name (fun () ->
        let code, output =
            capture (TimeSpan.FromMinutes 10.0) "dotnet"
                [ "test"; project; "--no-build"; "-c"; "Release"; "--logger"; $"trx;LogFileName={trx}"; "--blame-hang-timeout"; "5m" ]
        if File.Exists trx then
            let passed, failed = readResults trx
            let crashed = if code <> 0 && failed = 0 then 1 else 0   // the host crashed, or was ended, beside the results it wrote
            if crashed = 1 then printfn "%s" output
            printfn "   %d passed, %d failed" passed (failed + crashed)
            passed, failed + crashed
        else
            printfn "%s" output
            0, 1)

/// A check that counts as one test.
let check name limit file arguments =
    step name (fun () ->
        let code, output = capture limit file arguments
        if code = 0 then 1, 0
        else
            printfn "%s" output
            printfn "   FAILED %s" name
            0, 1)

let test () =
    let withModels = installModelTools ()
    if Directory.Exists results then Directory.Delete(results, true)
    Directory.CreateDirectory results |> ignore
    let minutes (n: float) = TimeSpan.FromMinutes n
    let built = check "build" (minutes 15.0) "dotnet" [ "build"; "Smc.Actors.sln"; "-c"; "Release"; "-v"; "quiet"; "-nologo" ]
    let totals =
        if fst built = 0 then [ built ]
        else
            let projects =
                Directory.GetFiles(path [ "Tests" ], "*.Tests.csproj", SearchOption.AllDirectories)
                |> Array.filter (fun project -> withModels || project <> modelsProject)
                |> Array.sort
                |> Array.toList
            [ yield built
              yield check "format" (minutes 10.0) "dotnet" [ "format"; "Smc.Actors.sln"; "--verify-no-changes"; "--no-restore" ]
              for project in projects do
                  yield runTests project
              yield check "smoke of the benchmarks" (minutes 5.0) "dotnet" [ smcProgram; "bench"; "--quick"; "--smoke" ] ]
    let passed, failed = List.sumBy fst totals, List.sumBy snd totals
    printfn "%d passed, %d failed" passed failed
    if failed > 0 || passed = 0 then 1 else 0

let pack () =
    let output = path [ "artifacts"; "packages" ]
    let projects =
        [ yield path [ "Transport"; "Smc.Transport.csproj" ]
          if isPackagesBuild () then yield path [ "Actors"; "Smc.Actors.csproj" ]
          else printfn "Smc.Actors depends on Akka and is packed from the packages build only" ]
    projects |> List.map (fun project -> run "dotnet" [ "pack"; project; "-c"; "Release"; "-o"; output; "-v"; "quiet"; "-nologo" ]) |> List.max

// ---- the command line

let target, options =
    match List.ofArray fsi.CommandLineArgs |> List.tail with
    | [] ->
        printfn "%s" usage
        exit 2
    | target :: options -> target, options

let rec takeAkka options =
    match options with
    | "--akka" :: (("packages" | "embedded") as source) :: rest -> Some source, rest
    | "--akka" :: _ -> fail "--akka takes packages or embedded"
    | other :: rest -> let akka, left = takeAkka rest in akka, other :: left
    | [] -> None, []

let akka, rest = takeAkka options
let noOptions () = if not rest.IsEmpty then fail $"{target} takes no option {rest.Head}"

match target with
| "demo" | "test" | "bench" | "format" | "pack" -> chooseAkka akka
| _ -> fail $"no target {target}: demo, test, bench, format or pack"

let code =
    match target with
    | "demo" | "bench" -> runSmc target rest
    | "test" -> noOptions (); test ()
    | "format" -> noOptions (); run "dotnet" [ "format"; "Smc.Actors.sln" ]
    | _ -> noOptions (); pack ()

exit code
