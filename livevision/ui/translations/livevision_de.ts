<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AddCameraDialog</name>
    <message>
        <source>Add a camera</source>
        <translation>Kamera hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>Adding the camera</source>
        <translation>Hinzufügen der Kamera</translation>
    </message>
    <message>
        <source>&amp;Add {}</source>
        <translation>{} &amp;hinzufügen</translation>
    </message>
    <message>
        <source>Webcam</source>
        <translation>Webcam</translation>
    </message>
    <message>
        <source>Network camera</source>
        <translation>Netzwerkkamera</translation>
    </message>
    <message>
        <source>File or folder</source>
        <translation>Datei oder Ordner</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>Bildschirm</translation>
    </message>
    <message>
        <source>Demo</source>
        <translation>Demo</translation>
    </message>
    <message>
        <source>Kind of camera</source>
        <translation>Art der Kamera</translation>
    </message>
    <message>
        <source>Optional</source>
        <translation>Optional</translation>
    </message>
    <message>
        <source>Name of the camera</source>
        <translation>Name der Kamera</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Was nicht stimmt</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
</context>
<context>
    <name>AddressDialog</name>
    <message>
        <source>Model on a server, or in Python</source>
        <translation>Modell auf einem Server oder in Python</translation>
    </message>
    <message>
        <source>Address of the model</source>
        <translation>Adresse des Modells</translation>
    </message>
    <message>
        <source>Also kserve+http://…, deepstack+http://…, torchserve+http://…, huggingface+https://…, json+http://…; or package.module:factory for a model in Python, whose code is then run.</source>
        <translation>Auch kserve+http://…, deepstack+http://…, torchserve+http://…, huggingface+https://…, json+http://…; oder paket.modul:funktion für ein Modell in Python, dessen Code dann läuft.</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
</context>
<context>
    <name>AnnotateDialog</name>
    <message>
        <source>Annotate a file</source>
        <translation>Datei annotieren</translation>
    </message>
    <message>
        <source>Video to annotate</source>
        <translation>Zu annotierendes Video</translation>
    </message>
    <message>
        <source>File to write</source>
        <translation>Zieldatei</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Model file…</source>
        <translation>Modelldatei…</translation>
    </message>
    <message>
        <source>Least confidence</source>
        <translation>Mindestkonfidenz</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Annotate</source>
        <translation>Annotieren</translation>
    </message>
    <message>
        <source>Loading {model}…</source>
        <translation>{model} wird geladen…</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet…</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen…</translation>
    </message>
    <message>
        <source>Choose: {what}</source>
        <translation>Auswählen: {what}</translation>
    </message>
    <message>
        <source>As it was recorded</source>
        <translation>Wie aufgenommen</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>Modell öffnen</translation>
    </message>
    <message>
        <source>ONNX models (*.onnx);;All files (*)</source>
        <translation>ONNX-Modelle (*.onnx);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>Video</translation>
    </message>
    <message>
        <source>Write to</source>
        <translation>Speichern unter</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Konfidenz</translation>
    </message>
    <message>
        <source>Every picture, with boxes drawn in, in an MP4 without sound. Nothing is ever overwritten.</source>
        <translation>Jedes Bild, mit eingezeichneten Rahmen, als MP4 ohne Ton. Nie wird etwas überschrieben.</translation>
    </message>
</context>
<context>
    <name>Annotating</name>
    <message>
        <source>Looking at a file</source>
        <translation>Untersuchen einer Datei</translation>
    </message>
    <message>
        <source>Choose a video first.</source>
        <translation>Zuerst ein Video auswählen.</translation>
    </message>
    <message>
        <source>Annotating a file</source>
        <translation>Annotieren einer Datei</translation>
    </message>
    <message>
        <source>Annotated {count} pictures in {time}: {path}</source>
        <translation>{count} Bilder in {time} annotiert: {path}</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
</context>
<context>
    <name>AppearancePage</name>
    <message>
        <source>Appearance</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Design</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Figures on tiles</source>
        <translation>Messwerte auf Kacheln</translation>
    </message>
    <message>
        <source>One line</source>
        <translation>Eine Zeile</translation>
    </message>
    <message>
        <source>With curves</source>
        <translation>Mit Kurven</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Takes effect when livevision is started again.</source>
        <translation>Wirkt, wenn livevision das nächste Mal gestartet wird.</translation>
    </message>
    <message>
        <source>Frames a second and their age, for cameras that say nothing else.</source>
        <translation>Bilder pro Sekunde und ihr Alter, für Kameras ohne eigene Einstellung.</translation>
    </message>
    <message>
        <source>Keep the screen on while a camera is watched</source>
        <translation>Bildschirm anlassen, solange eine Kamera betrachtet wird</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>Bildschirm</translation>
    </message>
    <message>
        <source>As long as a live picture or a playing recording can be seen, and always in kiosk mode.</source>
        <translation>Solange ein Livebild oder eine laufende Aufnahme zu sehen ist, und im Kiosk immer.</translation>
    </message>
</context>
<context>
    <name>Arranging</name>
    <message>
        <source>Layout {0} saved: Ctrl+{0} brings it back</source>
        <translation>Anordnung {0} gespeichert: Strg+{0} holt sie zurück</translation>
    </message>
    <message>
        <source>There is no layout {0} yet: Ctrl+Shift+{0} saves one</source>
        <translation>Noch gibt es keine Anordnung {0}: Strg+Umschalt+{0} speichert eine</translation>
    </message>
    <message>
        <source>Save workspace as</source>
        <translation>Arbeitsbereich speichern unter</translation>
    </message>
    <message>
        <source>Workspaces (*.toml)</source>
        <translation>Arbeitsbereiche (*.toml)</translation>
    </message>
    <message>
        <source>Saving the workspace</source>
        <translation>Speichern des Arbeitsbereichs</translation>
    </message>
    <message>
        <source>Saved {}</source>
        <translation>{} gespeichert</translation>
    </message>
</context>
<context>
    <name>Background</name>
    <message>
        <source>{name} failed: {error}</source>
        <translation>{name} fehlgeschlagen: {error}</translation>
    </message>
</context>
<context>
    <name>Badges</name>
    <message>
        <source>Show the live picture again</source>
        <translation>Wieder das Livebild zeigen</translation>
    </message>
    <message>
        <source>Show the whole picture again</source>
        <translation>Wieder das ganze Bild zeigen</translation>
    </message>
    <message>
        <source>Boxes come too late to wait for. Press for another timing</source>
        <translation>Die Rahmen kommen zu spät, um auf sie zu warten. Drücken für eine andere Zeitsteuerung</translation>
    </message>
    <message>
        <source>Nobody may recognise whom the model has not found. Settings</source>
        <translation>Niemand darf erkennen, wen das Modell nicht gefunden hat. Einstellungen</translation>
    </message>
</context>
<context>
    <name>CameraCommands</name>
    <message>
        <source>Recording</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>Schnappschuss</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Boxes</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>Timing</source>
        <translation>Zeitsteuerung</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>FPS monitor</source>
        <translation>FPS-Anzeige</translation>
    </message>
    <message>
        <source>Rename {}</source>
        <translation>{} umbenennen</translation>
    </message>
    <message>
        <source>Duplicate {}</source>
        <translation>{} duplizieren</translation>
    </message>
    <message>
        <source>Remove {}</source>
        <translation>{} entfernen</translation>
    </message>
    <message>
        <source>{} was removed</source>
        <translation>{} wurde entfernt</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Add {}</source>
        <translation>{} hinzufügen</translation>
    </message>
    <message>
        <source>Saved {}</source>
        <translation>{} gespeichert</translation>
    </message>
</context>
<context>
    <name>CameraGrid</name>
    <message>
        <source>Cameras</source>
        <translation>Kameras</translation>
    </message>
</context>
<context>
    <name>CameraPanel</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Detections</source>
        <translation>Erkennungen</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Grenzen</translation>
    </message>
    <message>
        <source>Timing</source>
        <translation>Zeitsteuerung</translation>
    </message>
    <message>
        <source>Looks</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privatsphäre</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Choose a camera to see and change what is set for it.</source>
        <translation>Eine Kamera auswählen, um ihre Einstellungen zu sehen und zu ändern.</translation>
    </message>
</context>
<context>
    <name>CameraState</name>
    <message>
        <source>connecting</source>
        <translation>verbindet</translation>
    </message>
    <message>
        <source>live</source>
        <translation>live</translation>
    </message>
    <message>
        <source>stalled</source>
        <translation>steht</translation>
    </message>
    <message>
        <source>reconnecting</source>
        <translation>verbindet neu</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>verweigert</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>zu Ende</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>beendet</translation>
    </message>
</context>
<context>
    <name>CameraTile</name>
    <message>
        <source>boxes come too late</source>
        <translation>Rahmen kommen zu spät</translation>
    </message>
</context>
<context>
    <name>CamerasPage</name>
    <message>
        <source>Cameras</source>
        <translation>Kameras</translation>
    </message>
    <message>
        <source>Seconds until a lost camera is told</source>
        <translation>Sekunden, bis eine verlorene Kamera gemeldet wird</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>Seconds that a page is shown</source>
        <translation>Sekunden, die eine Seite gezeigt wird</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>Classes that are hidden</source>
        <translation>Klassen, die verborgen werden</translation>
    </message>
    <message>
        <source>How they are hidden</source>
        <translation>Wie sie verborgen werden</translation>
    </message>
    <message>
        <source>Blurred</source>
        <translation>Unscharf</translation>
    </message>
    <message>
        <source>Pixelated</source>
        <translation>Verpixelt</translation>
    </message>
    <message>
        <source>Tell of lost cameras after</source>
        <translation>Verlorene Kameras melden nach</translation>
    </message>
    <message>
        <source>The desktop says once that a camera is lost, and when it is back.</source>
        <translation>Der Desktop meldet einmal, dass eine Kamera verloren ist, und wenn sie wieder da ist.</translation>
    </message>
    <message>
        <source>Show a page for</source>
        <translation>Eine Seite zeigen für</translation>
    </message>
    <message>
        <source>While pages of cameras change by themselves.</source>
        <translation>Wenn Kameraseiten von selbst wechseln.</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Verbergen</translation>
    </message>
    <message>
        <source>How</source>
        <translation>Wie</translation>
    </message>
    <message>
        <source>On the screen and in recordings. A camera may say something else.</source>
        <translation>Auf dem Bildschirm und in Aufnahmen. Für einzelne Kameras kann etwas anderes gelten.</translation>
    </message>
</context>
<context>
    <name>ClassList</name>
    <message>
        <source>Search classes</source>
        <translation>Klassen suchen</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Tick all classes</source>
        <translation>Alle Klassen ankreuzen</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Tick no class</source>
        <translation>Keine Klasse ankreuzen</translation>
    </message>
    <message>
        <source>Which classes there are is known once the model runs.</source>
        <translation>Welche Klassen es gibt, ist bekannt, sobald das Modell läuft.</translation>
    </message>
</context>
<context>
    <name>ClassModel</name>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>At least</source>
        <translation>Mindestens</translation>
    </message>
    <message>
        <source>without a name</source>
        <translation>ohne Namen</translation>
    </message>
    <message>
        <source>seen</source>
        <translation>gesehen</translation>
    </message>
    <message>
        <source>Least confidence of this class; – goes by the slider</source>
        <translation>Mindestkonfidenz dieser Klasse; – folgt dem Regler</translation>
    </message>
    <message>
        <source>{name}: confidence as usual</source>
        <translation>{name}: Konfidenz wie üblich</translation>
    </message>
    <message>
        <source>{name}: at least {percent} %</source>
        <translation>{name}: mindestens {percent} %</translation>
    </message>
</context>
<context>
    <name>ClassPicker</name>
    <message>
        <source>Add a class, such as: license plate</source>
        <translation>Klasse hinzufügen, zum Beispiel: license plate</translation>
    </message>
    <message>
        <source>{title}: add a class</source>
        <translation>{title}: Klasse hinzufügen</translation>
    </message>
    <message>
        <source>No model in use finds: {names}</source>
        <translation>Kein verwendetes Modell findet: {names}</translation>
    </message>
    <message>
        <source>Is {near} meant by {name}?</source>
        <translation>{name}: Ist {near} gemeint?</translation>
    </message>
</context>
<context>
    <name>Controls</name>
    <message>
        <source>One picture back</source>
        <translation>Ein Bild zurück</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <source>One picture on</source>
        <translation>Ein Bild weiter</translation>
    </message>
    <message>
        <source>The section begins here</source>
        <translation>Hier beginnt der Ausschnitt</translation>
    </message>
    <message>
        <source>The section ends here</source>
        <translation>Hier endet der Ausschnitt</translation>
    </message>
    <message>
        <source>Export the section…</source>
        <translation>Ausschnitt exportieren…</translation>
    </message>
    <message>
        <source>Boxes</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Geschwindigkeit</translation>
    </message>
    <message>
        <source>Speed ([ and ])</source>
        <translation>Geschwindigkeit ([ und ])</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
</context>
<context>
    <name>CountChips</name>
    <message>
        <source>{count} more</source>
        <translation>{count} weitere</translation>
    </message>
    <message>
        <source>Nothing in the picture</source>
        <translation>Nichts im Bild</translation>
    </message>
</context>
<context>
    <name>DemoPage</name>
    <message>
        <source>Number of the street</source>
        <translation>Nummer der Straße</translation>
    </message>
    <message>
        <source>&amp;Street number</source>
        <translation>&amp;Straßennummer</translation>
    </message>
    <message>
        <source>A drawn street with cars and people: nothing else is needed. Each number gives another street, and always the same one.</source>
        <translation>Eine gezeichnete Straße mit Autos und Menschen: Mehr wird nicht gebraucht. Jede Nummer ergibt eine andere Straße, und immer dieselbe.</translation>
    </message>
</context>
<context>
    <name>DetectionPart</name>
    <message>
        <source>Least confidence</source>
        <translation>Mindestkonfidenz</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Konfidenz</translation>
    </message>
    <message numerus="yes">
        <source>%n class(es)</source>
        <translation>
            <numerusform>%n Klasse</numerusform>
            <numerusform>%n Klassen</numerusform>
        </translation>
    </message>
    <message>
        <source>Confidence of {name}</source>
        <translation>Konfidenz von {name}</translation>
    </message>
</context>
<context>
    <name>DetectionsPanel</name>
    <message>
        <source>Least confidence</source>
        <translation>Mindestkonfidenz</translation>
    </message>
    <message>
        <source>Model not known</source>
        <translation>Modell nicht bekannt</translation>
    </message>
    <message>
        <source>Recorded from {floor:.0f} % on: there is nothing below.</source>
        <translation>Ab {floor:.0f} % aufgenommen: Darunter gibt es nichts.</translation>
    </message>
    <message>
        <source>without a name</source>
        <translation>ohne Namen</translation>
    </message>
    <message>
        <source>Detections</source>
        <translation>Erkennungen</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Konfidenz</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
</context>
<context>
    <name>DetectionsView</name>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search in recent detections</source>
        <translation>In den letzten Erkennungen suchen</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Let the list stand still; counting goes on</source>
        <translation>Die Liste anhalten; gezählt wird weiter</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Forget all that is listed</source>
        <translation>Alles aus der Liste vergessen</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>All classes</source>
        <translation>Alle Klassen</translation>
    </message>
    <message>
        <source>All cameras</source>
        <translation>Alle Kameras</translation>
    </message>
    <message>
        <source>Paused · {count} new since</source>
        <translation>Angehalten · {count} neue seitdem</translation>
    </message>
    <message>
        <source>{count} of {all}</source>
        <translation>{count} von {all}</translation>
    </message>
    <message>
        <source>{count} listed</source>
        <translation>{count} in der Liste</translation>
    </message>
    <message>
        <source>None of the {count} recent detections fits.</source>
        <translation>Keine der letzten {count} Erkennungen passt.</translation>
    </message>
    <message>
        <source>Nothing has been detected yet.
Give a camera a model, and what it finds is listed here.</source>
        <translation>Noch wurde nichts erkannt.
Sobald eine Kamera ein Modell hat, steht hier, was es findet.</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Recent detections</source>
        <translation>Letzte Erkennungen</translation>
    </message>
</context>
<context>
    <name>DropMark</name>
    <message>
        <source>Swap</source>
        <translation>Tauschen</translation>
    </message>
    <message>
        <source>Insert before</source>
        <translation>Davor einfügen</translation>
    </message>
    <message>
        <source>Insert after</source>
        <translation>Dahinter einfügen</translation>
    </message>
</context>
<context>
    <name>EmptyCell</name>
    <message>
        <source>Add a camera</source>
        <translation>Kamera hinzufügen</translation>
    </message>
    <message>
        <source>Empty cell: add a camera</source>
        <translation>Leere Zelle: Kamera hinzufügen</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export a section</source>
        <translation>Ausschnitt exportieren</translation>
    </message>
    <message>
        <source>With the boxes drawn in</source>
        <translation>Mit eingezeichneten Rahmen</translation>
    </message>
    <message>
        <source>As it was recorded</source>
        <translation>Wie aufgenommen</translation>
    </message>
    <message>
        <source>File to write</source>
        <translation>Zieldatei</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen…</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>Exportieren nach</translation>
    </message>
    <message>
        <source>The export failed: {reason}</source>
        <translation>Der Export ist fehlgeschlagen: {reason}</translation>
    </message>
    <message>
        <source>Exported {count} pictures to {path}</source>
        <translation>{count} Bilder nach {path} exportiert</translation>
    </message>
    <message>
        <source>; it begins {seconds:.1f} s before the mark, at a keyframe</source>
        <translation>; beginnt {seconds:.1f} s vor der Marke, an einem Schlüsselbild</translation>
    </message>
    <message>
        <source>From {start} to {end}</source>
        <translation>Von {start} bis {end}</translation>
    </message>
    <message>
        <source>Exactly these pictures, encoded anew, with the boxes as shown. No sound.</source>
        <translation>Genau diese Bilder, neu codiert, mit den Rahmen wie gezeigt. Ohne Ton.</translation>
    </message>
    <message>
        <source>Original quality, with sound. Begins at the keyframe at or before the first picture.</source>
        <translation>Originalqualität, mit Ton. Beginnt mit dem Schlüsselbild am ersten Bild oder davor.</translation>
    </message>
    <message>
        <source>Not now: it would show who is to be hidden.</source>
        <translation>Jetzt nicht: Es würde zeigen, wer verdeckt werden soll.</translation>
    </message>
    <message>
        <source>Its detections are written beside it. Nothing is ever overwritten.</source>
        <translation>Die Erkennungen werden daneben geschrieben. Nie wird etwas überschrieben.</translation>
    </message>
</context>
<context>
    <name>FPSMonitor</name>
    <message>
        <source>FPS monitor</source>
        <translation>FPS-Anzeige</translation>
    </message>
    <message>
        <source>shown</source>
        <translation>gezeigt</translation>
    </message>
    <message>
        <source>age</source>
        <translation>Alter</translation>
    </message>
    <message>
        <source>captured</source>
        <translation>empfangen</translation>
    </message>
    <message>
        <source>inferred</source>
        <translation>erkannt</translation>
    </message>
    <message>
        <source>model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>boxes</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>verloren</translation>
    </message>
    <message>
        <source>{count} by {cause}</source>
        <translation>{count} durch {cause}</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Pictures painted a second</source>
        <translation>Gezeigte Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>From its arrival, as the camera&apos;s clock has it, to the screen, median; {}</source>
        <translation>Von der Ankunft, nach der Uhr der Kamera, bis zum Bildschirm, Median; {}</translation>
    </message>
    <message>
        <source>Pictures received a second</source>
        <translation>Empfangene Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>Pictures the model answered a second</source>
        <translation>Vom Modell beantwortete Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>Found so long before the picture that they stand on, median; live timing moves them to where objects are</source>
        <translation>So lange vor dem Bild gefunden, auf dem sie stehen, Median; bei „Live“ werden sie dorthin verschoben, wo die Objekte sind</translation>
    </message>
    <message>
        <source>Lost pictures: {}</source>
        <translation>Verlorene Bilder: {}</translation>
    </message>
    <message>
        <source>The picture stands on purpose, {} s behind the live one</source>
        <translation>Das Bild ist absichtlich angehalten, {} s hinter dem Livebild</translation>
    </message>
    <message>
        <source>frozen</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>no picture</source>
        <translation>kein Bild</translation>
    </message>
    <message>
        <source>95 % within {} ms</source>
        <translation>95 % innerhalb von {} ms</translation>
    </message>
    <message>
        <source>Time for one picture, median; runs on {}</source>
        <translation>Zeit für ein Bild, Median; läuft auf {}</translation>
    </message>
    <message>
        <source>Time for one picture, median</source>
        <translation>Zeit für ein Bild, Median</translation>
    </message>
</context>
<context>
    <name>FilePage</name>
    <message>
        <source>Files and folders</source>
        <translation>Dateien und Ordner</translation>
    </message>
    <message>
        <source>&amp;Files…</source>
        <translation>&amp;Dateien…</translation>
    </message>
    <message>
        <source>F&amp;older of pictures…</source>
        <translation>&amp;Ordner mit Bildern…</translation>
    </message>
    <message>
        <source>Drop videos or folders here, or choose them below.</source>
        <translation>Videos oder Ordner hier ablegen oder unten auswählen.</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>At the end</source>
        <translation>Am Ende</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Play again from the start</source>
        <translation>Von vorn abspielen</translation>
    </message>
    <message>
        <source>Videos</source>
        <translation>Videos</translation>
    </message>
    <message>
        <source>Choose videos</source>
        <translation>Videos auswählen</translation>
    </message>
    <message>
        <source>Choose a folder of pictures</source>
        <translation>Einen Ordner mit Bildern auswählen</translation>
    </message>
    <message>
        <source>At the &amp;end</source>
        <translation>Am &amp;Ende</translation>
    </message>
    <message>
        <source>Each video, and each folder of pictures, becomes a camera of its own.</source>
        <translation>Jedes Video und jeder Ordner mit Bildern wird eine eigene Kamera.</translation>
    </message>
</context>
<context>
    <name>FilesPage</name>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>At the start</source>
        <translation>Beim Start</translation>
    </message>
    <message>
        <source>What was open the last time</source>
        <translation>Was zuletzt geöffnet war</translation>
    </message>
    <message>
        <source>The start page</source>
        <translation>Die Startseite</translation>
    </message>
    <message>
        <source>At the start, show</source>
        <translation>Beim Start zeigen</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation>Arbeitsbereich</translation>
    </message>
    <message>
        <source>The workspace holds cameras and layouts. Both are text files; no password is in them.</source>
        <translation>Der Arbeitsbereich enthält Kameras und Anordnungen. Beides sind Textdateien ohne Passwörter.</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Open the folder of {name}</source>
        <translation>Den Ordner öffnen: {name}</translation>
    </message>
</context>
<context>
    <name>HiddenPicker</name>
    <message>
        <source>And whatever moves that is no other object</source>
        <translation>Und alles, was sich bewegt und kein anderes Objekt ist</translation>
    </message>
    <message>
        <source>Pictures wait for the model&apos;s answer, and are hidden as a whole without one. Somebody whom the model does not find is seen.</source>
        <translation>Bilder warten auf die Antwort des Modells; ohne Antwort werden sie ganz verdeckt. Wen das Modell nicht findet, den sieht man.</translation>
    </message>
</context>
<context>
    <name>InspectionDialog</name>
    <message>
        <source>Model {}</source>
        <translation>Modell {}</translation>
    </message>
    <message>
        <source>The picture with what the model found</source>
        <translation>Das Bild mit dem, was das Modell gefunden hat</translation>
    </message>
    <message>
        <source>&amp;Try on a picture…</source>
        <translation>An einem Bild &amp;ausprobieren…</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Looking at {} and trying it. This takes some seconds.</source>
        <translation>{} wird untersucht und ausprobiert. Das dauert einige Sekunden.</translation>
    </message>
    <message>
        <source>{} can be used as it is.</source>
        <translation>{} kann so verwendet werden, wie es ist.</translation>
    </message>
    <message>
        <source>{} cannot be used before it is known what its outputs mean.</source>
        <translation>{} kann erst verwendet werden, wenn bekannt ist, was die Ausgaben bedeuten.</translation>
    </message>
    <message>
        <source>A picture to try it on</source>
        <translation>Ein Bild zum Ausprobieren</translation>
    </message>
    <message>
        <source>Inspecting the model</source>
        <translation>Untersuchen des Modells</translation>
    </message>
</context>
<context>
    <name>LayoutKind</name>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>One camera</source>
        <translation>Eine Kamera</translation>
    </message>
    <message>
        <source>2 × 2</source>
        <translation>2 × 2</translation>
    </message>
    <message>
        <source>3 × 3</source>
        <translation>3 × 3</translation>
    </message>
    <message>
        <source>4 × 4</source>
        <translation>4 × 4</translation>
    </message>
    <message>
        <source>One big, five small</source>
        <translation>Eine große, fünf kleine</translation>
    </message>
    <message>
        <source>One big, seven small</source>
        <translation>Eine große, sieben kleine</translation>
    </message>
</context>
<context>
    <name>LimitsPart</name>
    <message>
        <source>Smallest side of a box</source>
        <translation>Kleinste Seite eines Rahmens</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>any</source>
        <translation>beliebig</translation>
    </message>
    <message>
        <source>Overlap from which the less sure of two boxes goes</source>
        <translation>Überlappung, ab der der unsicherere von zwei Rahmen entfällt</translation>
    </message>
    <message>
        <source>as the model has it</source>
        <translation>wie im Modell</translation>
    </message>
    <message>
        <source>Most boxes on a picture</source>
        <translation>Höchstzahl der Rahmen in einem Bild</translation>
    </message>
    <message>
        <source>Smallest side</source>
        <translation>Kleinste Seite</translation>
    </message>
    <message>
        <source>Overlap (IoU)</source>
        <translation>Überlappung (IoU)</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <source>Most boxes</source>
        <translation>Höchstzahl der Rahmen</translation>
    </message>
    <message>
        <source>Overlap</source>
        <translation>Überlappung</translation>
    </message>
</context>
<context>
    <name>Loading</name>
    <message>
        <source>{camera} goes on with {model}.</source>
        <translation>{camera} läuft mit {model} weiter.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
</context>
<context>
    <name>LogModel</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Information</source>
        <translation>Information</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>Detail</translation>
    </message>
</context>
<context>
    <name>LogView</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search in the log</source>
        <translation>Im Protokoll suchen</translation>
    </message>
    <message>
        <source>Least level</source>
        <translation>Mindeststufe</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Information and more</source>
        <translation>Informationen und höher</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>Warnungen und Fehler</translation>
    </message>
    <message>
        <source>Errors only</source>
        <translation>Nur Fehler</translation>
    </message>
    <message>
        <source>&amp;Follow</source>
        <translation>&amp;Folgen</translation>
    </message>
    <message>
        <source>Stay at the newest line</source>
        <translation>Bei der neuesten Zeile bleiben</translation>
    </message>
    <message>
        <source>The whole line</source>
        <translation>Die ganze Zeile</translation>
    </message>
    <message>
        <source>Choose a line to read all of it.</source>
        <translation>Eine Zeile auswählen, um sie ganz zu lesen.</translation>
    </message>
    <message>
        <source>&amp;Copy selected</source>
        <translation>Auswahl &amp;kopieren</translation>
    </message>
    <message>
        <source>Copy &amp;all</source>
        <translation>&amp;Alles kopieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Log lines</source>
        <translation>Protokollzeilen</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n Zeile</numerusform>
            <numerusform>%n Zeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>{shown} of {count} lines</source>
        <translation>{shown} von {count} Zeilen</translation>
    </message>
    <message>
        <source>None of {count} lines is like that</source>
        <translation>Keine der {count} Zeilen passt</translation>
    </message>
</context>
<context>
    <name>LooksPart</name>
    <message>
        <source>Thickness of lines</source>
        <translation>Linienstärke</translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation>Textgröße</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>A colour for each class</source>
        <translation>Eine Farbe für jede Klasse</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>A colour for each object that is followed</source>
        <translation>Eine Farbe für jedes verfolgte Objekt</translation>
    </message>
    <message>
        <source>One</source>
        <translation>Eine</translation>
    </message>
    <message>
        <source>One colour for all</source>
        <translation>Eine Farbe für alles</translation>
    </message>
    <message>
        <source>The one colour</source>
        <translation>Die eine Farbe</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>Linien</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Colour by</source>
        <translation>Farbe nach</translation>
    </message>
    <message>
        <source>Thickness</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Around objects</source>
        <translation>Um Objekte</translation>
    </message>
    <message>
        <source>Box</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>Round box</source>
        <translation>Runder Rahmen</translation>
    </message>
    <message>
        <source>Corners</source>
        <translation>Ecken</translation>
    </message>
    <message>
        <source>Oriented box</source>
        <translation>Gedrehter Rahmen</translation>
    </message>
    <message>
        <source>At objects</source>
        <translation>An Objekten</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Beschriftung</translation>
    </message>
    <message>
        <source>Two-line label</source>
        <translation>Zweizeilige Beschriftung</translation>
    </message>
    <message>
        <source>Dot</source>
        <translation>Punkt</translation>
    </message>
    <message>
        <source>Triangle</source>
        <translation>Dreieck</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>Ellipse</translation>
    </message>
    <message>
        <source>Outlines</source>
        <translation>Umrisse</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Polygon</translation>
    </message>
    <message>
        <source>Halo</source>
        <translation>Lichthof</translation>
    </message>
    <message>
        <source>Skeleton</source>
        <translation>Skelett</translation>
    </message>
    <message>
        <source>Over time</source>
        <translation>Über die Zeit</translation>
    </message>
    <message>
        <source>Trace</source>
        <translation>Spur</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Wärmekarte</translation>
    </message>
    <message>
        <source>Hide everything found</source>
        <translation>Alles Gefundene verbergen</translation>
    </message>
    <message>
        <source>Blur</source>
        <translation>Unschärfe</translation>
    </message>
    <message>
        <source>Pixelate</source>
        <translation>Verpixelung</translation>
    </message>
    <message>
        <source>Looks</source>
        <translation>Aussehen</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Closing a camera</source>
        <translation>Schließen einer Kamera</translation>
    </message>
    <message>
        <source>Looking for the recording</source>
        <translation>Suchen der Aufnahme</translation>
    </message>
    <message>
        <source>Changing a camera</source>
        <translation>Ändern einer Kamera</translation>
    </message>
    <message>
        <source>{} It stays set up, and is tried again the next time.</source>
        <translation>{} Sie bleibt eingerichtet und wird beim nächsten Mal wieder versucht.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;Undo {}</source>
        <translation>{} &amp;rückgängig machen</translation>
    </message>
    <message>
        <source>&amp;Redo {}</source>
        <translation>{} &amp;wiederholen</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Add a camera…</source>
        <translation>Kamera &amp;hinzufügen…</translation>
    </message>
    <message>
        <source>Open &amp;file…</source>
        <translation>Datei &amp;öffnen…</translation>
    </message>
    <message>
        <source>Open &amp;recording…</source>
        <translation>&amp;Aufnahme öffnen…</translation>
    </message>
    <message>
        <source>Annota&amp;te a file…</source>
        <translation>Datei anno&amp;tieren…</translation>
    </message>
    <message>
        <source>&amp;Network camera…</source>
        <translation>&amp;Netzwerkkamera…</translation>
    </message>
    <message>
        <source>&amp;Webcam…</source>
        <translation>&amp;Webcam…</translation>
    </message>
    <message>
        <source>&amp;Demo</source>
        <translation>&amp;Demo</translation>
    </message>
    <message>
        <source>Open wor&amp;kspace…</source>
        <translation>Arbeitsbereich ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>Save workspace &amp;as…</source>
        <translation>Arbeitsbereich &amp;speichern unter…</translation>
    </message>
    <message>
        <source>&amp;Preferences…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Paste an address</source>
        <translation>Adresse &amp;einfügen</translation>
    </message>
    <message>
        <source>&amp;Rename…</source>
        <translation>&amp;Umbenennen…</translation>
    </message>
    <message>
        <source>&amp;Duplicate</source>
        <translation>&amp;Duplizieren</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>&amp;Camera</source>
        <translation>&amp;Kamera</translation>
    </message>
    <message>
        <source>&amp;Record / stop</source>
        <translation>&amp;Aufnehmen / beenden</translation>
    </message>
    <message>
        <source>&amp;Snapshot</source>
        <translation>&amp;Schnappschuss</translation>
    </message>
    <message>
        <source>&amp;Freeze	Space</source>
        <translation>Ein&amp;frieren	Leertaste</translation>
    </message>
    <message>
        <source>&amp;Boxes</source>
        <translation>&amp;Rahmen</translation>
    </message>
    <message>
        <source>Next &amp;timing of boxes</source>
        <translation>Nächste &amp;Zeitsteuerung der Rahmen</translation>
    </message>
    <message>
        <source>FPS &amp;monitor</source>
        <translation>FPS-An&amp;zeige</translation>
    </message>
    <message>
        <source>Se&amp;ttings</source>
        <translation>&amp;Einstellungen</translation>
    </message>
    <message>
        <source>Retry &amp;now</source>
        <translation>&amp;Jetzt erneut versuchen</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>&amp;Vollbild</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>&amp;Maximise / all</source>
        <translation>&amp;Maximieren / alle</translation>
    </message>
    <message>
        <source>In a &amp;window of its own</source>
        <translation>In einem eigenen &amp;Fenster</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>Ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>&amp;Whole picture</source>
        <translation>&amp;Ganzes Bild</translation>
    </message>
    <message>
        <source>&amp;Next page</source>
        <translation>&amp;Nächste Seite</translation>
    </message>
    <message>
        <source>&amp;Previous page</source>
        <translation>&amp;Vorige Seite</translation>
    </message>
    <message>
        <source>&amp;Cycle through pages</source>
        <translation>Seiten &amp;durchlaufen</translation>
    </message>
    <message>
        <source>Move &amp;left</source>
        <translation>Nach &amp;links verschieben</translation>
    </message>
    <message>
        <source>Move &amp;right</source>
        <translation>Nach &amp;rechts verschieben</translation>
    </message>
    <message>
        <source>La&amp;yout</source>
        <translation>An&amp;ordnung</translation>
    </message>
    <message>
        <source>&amp;Saved layouts</source>
        <translation>Gespeicherte An&amp;ordnungen</translation>
    </message>
    <message>
        <source>Layout {}</source>
        <translation>Anordnung {}</translation>
    </message>
    <message>
        <source>Save as layout {}</source>
        <translation>Als Anordnung {} speichern</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation>&amp;Tasten</translation>
    </message>
    <message>
        <source>&amp;Log</source>
        <translation>&amp;Protokoll</translation>
    </message>
</context>
<context>
    <name>Message</name>
    <message>
        <source>Close message</source>
        <translation>Meldung schließen</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Messages</source>
        <translation>Meldungen</translation>
    </message>
</context>
<context>
    <name>ModelChoice</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
</context>
<context>
    <name>ModelMenu</name>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>Model &amp;file…</source>
        <translation>Modell&amp;datei…</translation>
    </message>
    <message>
        <source>Model on a &amp;server…</source>
        <translation>Modell auf einem &amp;Server…</translation>
    </message>
    <message>
        <source>&amp;Inspect a model file…</source>
        <translation>Modelldatei &amp;untersuchen…</translation>
    </message>
    <message>
        <source>S&amp;top loading {model} ({time})</source>
        <translation>Laden von {model} &amp;abbrechen ({time})</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>Modell öffnen</translation>
    </message>
    <message>
        <source>Inspect a model</source>
        <translation>Modell untersuchen</translation>
    </message>
    <message>
        <source>ONNX models (*.onnx);;All files (*)</source>
        <translation>ONNX-Modelle (*.onnx);;Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>ModelPart</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>Datei öffnen…</translation>
    </message>
    <message>
        <source>Server address…</source>
        <translation>Serveradresse…</translation>
    </message>
    <message>
        <source>The model is being loaded</source>
        <translation>Das Modell wird geladen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop loading the model</source>
        <translation>Laden des Modells abbrechen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Keep old model</source>
        <translation>Altes Modell behalten</translation>
    </message>
    <message>
        <source>Loading {model}…</source>
        <translation>{model} wird geladen…</translation>
    </message>
    <message>
        <source>{ms:.0f} ms</source>
        <translation>{ms:.0f} ms</translation>
    </message>
    <message>
        <source>Runs on {where}</source>
        <translation>Läuft auf {where}</translation>
    </message>
    <message>
        <source>{model} goes on meanwhile.</source>
        <translation>{model} läuft solange weiter.</translation>
    </message>
    <message>
        <source>Keep {model}</source>
        <translation>{model} behalten</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>ONNX models (*.onnx);;All files (*)</source>
        <translation>ONNX-Modelle (*.onnx);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>Modell öffnen</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Recent models</source>
        <translation>Zuletzt verwendete Modelle</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>No model has been used yet. Choose one in a camera&apos;s panel.</source>
        <translation>Noch wurde kein Modell verwendet. Eines lässt sich in der Leiste einer Kamera auswählen.</translation>
    </message>
    <message>
        <source>Python models that may be run</source>
        <translation>Python-Modelle, die ausgeführt werden dürfen</translation>
    </message>
    <message>
        <source>Re&amp;voke</source>
        <translation>&amp;Widerrufen</translation>
    </message>
    <message>
        <source>None. livevision asks before it runs a model that is Python code.</source>
        <translation>Keine. livevision fragt, bevor ein Modell ausgeführt wird, das Python-Code ist.</translation>
    </message>
</context>
<context>
    <name>Moments</name>
    <message>
        <source>{} was not recorded at that moment</source>
        <translation>{} wurde zu diesem Zeitpunkt nicht aufgenommen</translation>
    </message>
</context>
<context>
    <name>NameEditor</name>
    <message>
        <source>Name of the camera</source>
        <translation>Name der Kamera</translation>
    </message>
</context>
<context>
    <name>NetworkPage</name>
    <message>
        <source>Address of the camera</source>
        <translation>Adresse der Kamera</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>Benutzername</translation>
    </message>
    <message>
        <source>Transport</source>
        <translation>Übertragung</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Testing the camera</source>
        <translation>Testen der Kamera</translation>
    </message>
    <message>
        <source>A&amp;ddress</source>
        <translation>A&amp;dresse</translation>
    </message>
    <message>
        <source>Transp&amp;ort</source>
        <translation>Übertrag&amp;ung</translation>
    </message>
    <message>
        <source>RTSP, or HTTP with MJPEG, HLS or MPEG-TS. The manual of the camera says which.</source>
        <translation>RTSP, oder HTTP mit MJPEG, HLS oder MPEG-TS. Was davon, steht im Handbuch der Kamera.</translation>
    </message>
    <message>
        <source>&amp;User</source>
        <translation>&amp;Benutzer</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>&amp;Passwort</translation>
    </message>
</context>
<context>
    <name>Notifier</name>
    <message>
        <source>Camera lost</source>
        <translation>Kamera verloren</translation>
    </message>
    <message>
        <source>Camera unstable</source>
        <translation>Kamera instabil</translation>
    </message>
    <message>
        <source>Camera back</source>
        <translation>Kamera wieder da</translation>
    </message>
    <message>
        <source>{name}: no picture for {time}</source>
        <translation>{name}: kein Bild seit {time}</translation>
    </message>
    <message>
        <source>{count} cameras without a picture: {names}</source>
        <translation>{count} Kameras ohne Bild: {names}</translation>
    </message>
    <message>
        <source>{name} keeps coming and going for {time}: check its network and power</source>
        <translation>{name} kommt und geht seit {time}: Netzwerk und Stromversorgung prüfen</translation>
    </message>
    <message>
        <source>{count} cameras keep coming and going: {names}</source>
        <translation>{count} Kameras kommen und gehen: {names}</translation>
    </message>
    <message>
        <source>{name} is back after {time}</source>
        <translation>{name} ist nach {time} wieder da</translation>
    </message>
    <message>
        <source>{count} cameras are back: {names}</source>
        <translation>{count} Kameras sind wieder da: {names}</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>Open files</source>
        <translation>Dateien öffnen</translation>
    </message>
    <message>
        <source>Opening a file</source>
        <translation>Öffnen einer Datei</translation>
    </message>
    <message>
        <source>Opening what was dropped</source>
        <translation>Das Abgelegte öffnen</translation>
    </message>
    <message>
        <source>{}: this is no video, model, workspace or address</source>
        <translation>{}: weder Video noch Modell, Arbeitsbereich oder Adresse</translation>
    </message>
    <message>
        <source>Add {}</source>
        <translation>{} hinzufügen</translation>
    </message>
    <message>
        <source>a camera</source>
        <translation>eine Kamera</translation>
    </message>
</context>
<context>
    <name>PageBar</name>
    <message>
        <source>Previous page</source>
        <translation>Vorige Seite</translation>
    </message>
    <message>
        <source>Next page</source>
        <translation>Nächste Seite</translation>
    </message>
    <message>
        <source>Pages turn by themselves, but not while the mouse is over the pictures.</source>
        <translation>Seiten wechseln von selbst, aber nicht, solange der Mauszeiger über den Bildern ist.</translation>
    </message>
    <message>
        <source>Page {page} of {pages}</source>
        <translation>Seite {page} von {pages}</translation>
    </message>
    <message>
        <source>Every {seconds:g} s</source>
        <translation>Alle {seconds:g} s</translation>
    </message>
    <message>
        <source>Every {seconds:g} s · held by the mouse</source>
        <translation>Alle {seconds:g} s · wartet auf die Maus</translation>
    </message>
</context>
<context>
    <name>Panels</name>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Recent detections</source>
        <translation>Letzte Erkennungen</translation>
    </message>
</context>
<context>
    <name>PasswordField</name>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>Hide the password</source>
        <translation>Passwort verbergen</translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation>Passwort anzeigen</translation>
    </message>
</context>
<context>
    <name>PlayerWindow</name>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet…</translation>
    </message>
    <message>
        <source>Showing the recording</source>
        <translation>Zeigen der Aufnahme</translation>
    </message>
    <message>
        <source>Reading the detections</source>
        <translation>Lesen der Erkennungen</translation>
    </message>
    <message>
        <source>Drawing the time line</source>
        <translation>Zeichnen der Zeitleiste</translation>
    </message>
    <message>
        <source>Cannot be shown</source>
        <translation>Kann nicht angezeigt werden</translation>
    </message>
    <message>
        <source>{count} pictures left out to keep up</source>
        <translation>{count} Bilder ausgelassen, um Schritt zu halten</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
</context>
<context>
    <name>Players</name>
    <message>
        <source>Open recordings</source>
        <translation>Aufnahmen öffnen</translation>
    </message>
    <message>
        <source>Closing the player</source>
        <translation>Schließen des Players</translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Pages of the preferences</source>
        <translation>Seiten der Einstellungen</translation>
    </message>
    <message>
        <source>&amp;Reset to defaults</source>
        <translation>Auf &amp;Standard zurücksetzen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>&amp;Undo reset</source>
        <translation>Zurücksetzen &amp;rückgängig machen</translation>
    </message>
</context>
<context>
    <name>Preferring</name>
    <message>
        <source>{} is Python code, which can do whatever you can. It runs once you allow it.</source>
        <translation>{} ist Python-Code, der alles kann, was Sie können. Er läuft, sobald Sie es erlauben.</translation>
    </message>
    <message>
        <source>Allow</source>
        <translation>Erlauben</translation>
    </message>
</context>
<context>
    <name>PrivacyPart</name>
    <message>
        <source>How objects are hidden</source>
        <translation>Wie Objekte verborgen werden</translation>
    </message>
    <message>
        <source>Blur</source>
        <translation>Unschärfe</translation>
    </message>
    <message>
        <source>A blot without details</source>
        <translation>Ein Fleck ohne Einzelheiten</translation>
    </message>
    <message>
        <source>Pixelate</source>
        <translation>Verpixelung</translation>
    </message>
    <message>
        <source>A few large blocks</source>
        <translation>Wenige große Blöcke</translation>
    </message>
    <message>
        <source>Hide these</source>
        <translation>Diese verbergen</translation>
    </message>
    <message>
        <source>As in the preferences</source>
        <translation>Wie in den Einstellungen</translation>
    </message>
    <message>
        <source>How</source>
        <translation>Wie</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privatsphäre</translation>
    </message>
    <message>
        <source>As in the preferences, until you change it here.</source>
        <translation>Wie in den Einstellungen, bis es hier geändert wird.</translation>
    </message>
    <message>
        <source>whatever moves</source>
        <translation>alles, was sich bewegt</translation>
    </message>
    <message>
        <source>nobody hidden</source>
        <translation>niemand verborgen</translation>
    </message>
</context>
<context>
    <name>ProbePanel</name>
    <message>
        <source>&amp;Test</source>
        <translation>&amp;Testen</translation>
    </message>
    <message>
        <source>Testing the camera</source>
        <translation>Die Kamera wird getestet</translation>
    </message>
    <message>
        <source>Result of the test</source>
        <translation>Ergebnis des Tests</translation>
    </message>
    <message>
        <source>First picture of the camera</source>
        <translation>Erstes Bild der Kamera</translation>
    </message>
    <message>
        <source>Not tested yet</source>
        <translation>Noch nicht getestet</translation>
    </message>
    <message>
        <source>Test shows the first picture, and what the camera sends.</source>
        <translation>Der Test zeigt das erste Bild und was die Kamera sendet.</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Verbindung wird aufgebaut…</translation>
    </message>
    <message>
        <source>A picture came. Measuring…</source>
        <translation>Ein Bild ist da. Es wird gemessen…</translation>
    </message>
    <message>
        <source>✓ The camera works</source>
        <translation>✓ Die Kamera funktioniert</translation>
    </message>
    <message>
        <source>✗ {}</source>
        <translation>✗ {}</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation>Noch kein Bild</translation>
    </message>
</context>
<context>
    <name>Recents</name>
    <message>
        <source>Re&amp;cent cameras</source>
        <translation>&amp;Letzte Kameras</translation>
    </message>
    <message>
        <source>Add {}</source>
        <translation>{} hinzufügen</translation>
    </message>
    <message>
        <source>The recent cameras were forgotten</source>
        <translation>Die Liste der letzten Kameras wurde geleert</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>C&amp;lear</source>
        <translation>&amp;Leeren</translation>
    </message>
</context>
<context>
    <name>RecordingPage</name>
    <message>
        <source>Recording</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Folder for recordings and snapshots</source>
        <translation>Ordner für Aufnahmen und Schnappschüsse</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>&amp;Durchsuchen…</translation>
    </message>
    <message>
        <source>Kind of recording</source>
        <translation>Art der Aufnahme</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>Encoder</source>
        <translation>Encoder</translation>
    </message>
    <message>
        <source>Seconds before the key was pressed</source>
        <translation>Sekunden vor dem Tastendruck</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Minutes after which a new file begins</source>
        <translation>Minuten, nach denen eine neue Datei beginnt</translation>
    </message>
    <message>
        <source> min</source>
        <translation> min</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>Names of files</source>
        <translation>Dateinamen</translation>
    </message>
    <message>
        <source>Write detections as &amp;CSV, too</source>
        <translation>Erkennungen auch als &amp;CSV schreiben</translation>
    </message>
    <message>
        <source>With boxes drawn in</source>
        <translation>Mit eingezeichneten Rahmen</translation>
    </message>
    <message>
        <source>As the camera sends it</source>
        <translation>Wie die Kamera sie sendet</translation>
    </message>
    <message>
        <source>Both, in two files</source>
        <translation>Beides, in zwei Dateien</translation>
    </message>
    <message>
        <source>With boxes that players can switch off</source>
        <translation>Mit Rahmen, die Player ausblenden können</translation>
    </message>
    <message>
        <source>Small files</source>
        <translation>Kleine Dateien</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Gut</translation>
    </message>
    <message>
        <source>Best, twice as big</source>
        <translation>Am besten, doppelt so groß</translation>
    </message>
    <message>
        <source>The processor (x264)</source>
        <translation>Der Prozessor (x264)</translation>
    </message>
    <message>
        <source>Hardware, if there is any</source>
        <translation>Hardware, falls vorhanden</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Pre-roll</source>
        <translation>Vorlauf</translation>
    </message>
    <message>
        <source>What was seen before the key was pressed is recorded, too.</source>
        <translation>Was vor dem Tastendruck zu sehen war, wird mit aufgenommen.</translation>
    </message>
    <message>
        <source>New file after</source>
        <translation>Neue Datei nach</translation>
    </message>
    <message>
        <source>A long recording is kept in pieces that follow each other without a gap.</source>
        <translation>Eine lange Aufnahme wird in Stücke geteilt, die lückenlos aufeinander folgen.</translation>
    </message>
    <message>
        <source>Give the whole path, such as {folder}.</source>
        <translation>Den ganzen Pfad angeben, zum Beispiel {folder}.</translation>
    </message>
    <message>
        <source>Folder for recordings</source>
        <translation>Ordner für Aufnahmen</translation>
    </message>
    <message>
        <source>Give a name, such as {template}</source>
        <translation>Einen Namen angeben, zum Beispiel {template}</translation>
    </message>
    <message>
        <source>Front door</source>
        <translation>Haustür</translation>
    </message>
    <message>
        <source>Such as {name}</source>
        <translation>Zum Beispiel {name}</translation>
    </message>
</context>
<context>
    <name>RecordingPart</name>
    <message>
        <source>What is recorded</source>
        <translation>Was aufgenommen wird</translation>
    </message>
    <message>
        <source>Quality of pictures</source>
        <translation>Qualität der Bilder</translation>
    </message>
    <message>
        <source>Folder of recordings</source>
        <translation>Ordner der Aufnahmen</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen…</translation>
    </message>
    <message>
        <source>Choose the folder of recordings</source>
        <translation>Den Ordner der Aufnahmen auswählen</translation>
    </message>
    <message>
        <source>Seconds from before</source>
        <translation>Sekunden von vorher</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>Length of each file</source>
        <translation>Länge jeder Datei</translation>
    </message>
    <message>
        <source> min</source>
        <translation> min</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>Pre-roll</source>
        <translation>Vorlauf</translation>
    </message>
    <message>
        <source>New file after</source>
        <translation>Neue Datei nach</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Kind of recording</source>
        <translation>Art der Aufnahme</translation>
    </message>
    <message>
        <source>{seconds:g} s</source>
        <translation>{seconds:g} s</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>{minutes:g} min</source>
        <translation>{minutes:g} min</translation>
    </message>
    <message>
        <source>as usual</source>
        <translation>wie üblich</translation>
    </message>
    <message>
        <source>With boxes</source>
        <translation>Mit Rahmen</translation>
    </message>
    <message>
        <source>Without boxes, in original quality</source>
        <translation>Ohne Rahmen, in Originalqualität</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>Beides</translation>
    </message>
    <message>
        <source>With boxes that can be switched off</source>
        <translation>Mit Rahmen, die sich ausblenden lassen</translation>
    </message>
    <message>
        <source>Small</source>
        <translation>Klein</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Gut</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>Am besten</translation>
    </message>
    <message>
        <source>Usual ({what})</source>
        <translation>Üblich ({what})</translation>
    </message>
    <message>
        <source>Length of files</source>
        <translation>Länge der Dateien</translation>
    </message>
</context>
<context>
    <name>ScreenAwake</name>
    <message>
        <source>Live cameras are shown</source>
        <translation>Livekameras werden angezeigt</translation>
    </message>
</context>
<context>
    <name>ScreenPage</name>
    <message>
        <source>How much of the screen</source>
        <translation>Wie viel vom Bildschirm</translation>
    </message>
    <message>
        <source>The whole screen</source>
        <translation>Der ganze Bildschirm</translation>
    </message>
    <message>
        <source>A part of it</source>
        <translation>Ein Teil davon</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Links</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>Oben</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>Pictures a second</source>
        <translation>Bilder pro Sekunde</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>What to &amp;show</source>
        <translation>Was ge&amp;zeigt wird</translation>
    </message>
    <message>
        <source>Pictures a s&amp;econd</source>
        <translation>Bilder pro S&amp;ekunde</translation>
    </message>
    <message>
        <source>What another program shows becomes a camera: a conference, or a browser.</source>
        <translation>Was ein anderes Programm zeigt, wird eine Kamera: eine Konferenz oder ein Browser.</translation>
    </message>
</context>
<context>
    <name>ShortcutsSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Search for a key or what it does</source>
        <translation>Nach einer Taste oder ihrer Wirkung suchen</translation>
    </message>
    <message>
        <source>Nothing here is called “{words}”.</source>
        <translation>Nichts heißt hier „{words}“.</translation>
    </message>
</context>
<context>
    <name>ShownCameras</name>
    <message>
        <source>Loading the model</source>
        <translation>Laden des Modells</translation>
    </message>
</context>
<context>
    <name>SightingDelegate</name>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>{seconds} s ago</source>
        <translation>vor {seconds} s</translation>
    </message>
    <message>
        <source>{minutes} min ago</source>
        <translation>vor {minutes} min</translation>
    </message>
    <message>
        <source>{hours} h ago</source>
        <translation>vor {hours} h</translation>
    </message>
</context>
<context>
    <name>SightingModel</name>
    <message>
        <source>without a name</source>
        <translation>ohne Namen</translation>
    </message>
</context>
<context>
    <name>SnapshotsPage</name>
    <message>
        <source>Snapshots</source>
        <translation>Schnappschüsse</translation>
    </message>
    <message>
        <source>Format of snapshots</source>
        <translation>Format der Schnappschüsse</translation>
    </message>
    <message>
        <source>PNG: every pixel as it is</source>
        <translation>PNG: jedes Pixel, wie es ist</translation>
    </message>
    <message>
        <source>JPEG: smaller files</source>
        <translation>JPEG: kleinere Dateien</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>They are kept in the folder for recordings.</source>
        <translation>Sie liegen im Ordner für Aufnahmen.</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Start page</source>
        <translation>Startseite</translation>
    </message>
    <message>
        <source>rtsp://user:password@camera.local/stream   or   https://…</source>
        <translation>rtsp://benutzer:passwort@kamera.local/stream   oder   https://…</translation>
    </message>
    <message>
        <source>Address of a network camera</source>
        <translation>Adresse einer Netzwerkkamera</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>Recent cameras</source>
        <translation>Letzte Kameras</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Forget the recent cameras</source>
        <translation>Liste der letzten Kameras leeren</translation>
    </message>
    <message>
        <source>Open {} again</source>
        <translation>{} wieder öffnen</translation>
    </message>
    <message>
        <source>Webcam</source>
        <translation>Webcam</translation>
    </message>
    <message>
        <source>Plugged into this computer</source>
        <translation>An diesem Computer angeschlossen</translation>
    </message>
    <message>
        <source>Network camera</source>
        <translation>Netzwerkkamera</translation>
    </message>
    <message>
        <source>RTSP, MJPEG, HLS by address</source>
        <translation>RTSP, MJPEG, HLS über eine Adresse</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>A recorded video</source>
        <translation>Ein aufgenommenes Video</translation>
    </message>
    <message>
        <source>Demo</source>
        <translation>Demo</translation>
    </message>
    <message>
        <source>A street, nothing else needed</source>
        <translation>Eine Straße, mehr wird nicht gebraucht</translation>
    </message>
    <message>
        <source>Live cameras, live detections. What should be on the screen?</source>
        <translation>Live-Kameras, Live-Erkennungen. Was soll auf den Bildschirm?</translation>
    </message>
    <message>
        <source>Or drop videos, folders and addresses anywhere here, or paste an address.</source>
        <translation>Oder Videos, Ordner und Adressen hierher ziehen oder eine Adresse einfügen.</translation>
    </message>
</context>
<context>
    <name>TileBar</name>
    <message>
        <source>Record</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Save a snapshot</source>
        <translation>Schnappschuss speichern</translation>
    </message>
    <message>
        <source>Freeze the picture</source>
        <translation>Bild einfrieren</translation>
    </message>
    <message>
        <source>Boxes</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Settings of this camera</source>
        <translation>Einstellungen dieser Kamera</translation>
    </message>
    <message>
        <source>Maximise, or back</source>
        <translation>Maximieren oder zurück</translation>
    </message>
    <message>
        <source>What to do with this camera</source>
        <translation>Was mit dieser Kamera getan werden kann</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>Aufnahme beenden</translation>
    </message>
    <message>
        <source>Show the live picture</source>
        <translation>Livebild zeigen</translation>
    </message>
    <message>
        <source>Boxes. {}</source>
        <translation>Rahmen. {}</translation>
    </message>
    <message>
        <source>Switch the model off</source>
        <translation>Modell ausschalten</translation>
    </message>
    <message>
        <source>Switch the model on</source>
        <translation>Modell einschalten</translation>
    </message>
</context>
<context>
    <name>TileHeader</name>
    <message>
        <source>recording</source>
        <translation>Aufnahme läuft</translation>
    </message>
</context>
<context>
    <name>TimeLine</name>
    <message>
        <source>Time line</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>{position} of {length}</source>
        <translation>{position} von {length}</translation>
    </message>
    <message>
        <source>Not shown: {names}</source>
        <translation>Nicht gezeigt: {names}</translation>
    </message>
    <message>
        <source>Time line. Seen: {names}</source>
        <translation>Zeitleiste. Gesehen: {names}</translation>
    </message>
    <message>
        <source>{count} more</source>
        <translation>{count} weitere</translation>
    </message>
</context>
<context>
    <name>TimingPart</name>
    <message>
        <source>The newest picture at once, with boxes moved to where their objects are by now</source>
        <translation>Das neueste Bild sofort, mit Rahmen dort, wo ihre Objekte inzwischen sind</translation>
    </message>
    <message>
        <source>Each picture waits for its own boxes: exact, and a little late</source>
        <translation>Jedes Bild wartet auf seine eigenen Rahmen: genau, und etwas später</translation>
    </message>
    <message>
        <source>The newest picture at once, with the newest boxes where their objects were</source>
        <translation>Das neueste Bild sofort, mit den neuesten Rahmen dort, wo ihre Objekte waren</translation>
    </message>
    <message>
        <source>Timing of boxes</source>
        <translation>Zeitsteuerung der Rahmen</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Aligned</source>
        <translation>Abgestimmt</translation>
    </message>
    <message>
        <source>As they come</source>
        <translation>Wie sie kommen</translation>
    </message>
    <message>
        <source>Tracker</source>
        <translation>Verfolgung</translation>
    </message>
    <message>
        <source>Usual</source>
        <translation>Üblich</translation>
    </message>
    <message>
        <source>Off: no identities</source>
        <translation>Aus: keine Identitäten</translation>
    </message>
    <message>
        <source>While somebody is hidden, each picture waits for its own boxes, whatever is chosen here</source>
        <translation>Solange jemand verdeckt wird, wartet jedes Bild auf seine eigenen Rahmen, gleich was hier gewählt ist</translation>
    </message>
    <message>
        <source>Timing</source>
        <translation>Zeitsteuerung</translation>
    </message>
</context>
<context>
    <name>ViewPart</name>
    <message>
        <source>Turn the picture</source>
        <translation>Bild drehen</translation>
    </message>
    <message>
        <source>Clockwise by {turn}°</source>
        <translation>Im Uhrzeigersinn um {turn}°</translation>
    </message>
    <message>
        <source>Mirror left and right</source>
        <translation>Links und rechts spiegeln</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Einpassung</translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation>Ganzes Bild</translation>
    </message>
    <message>
        <source>All of it, with bars where it is narrower</source>
        <translation>Alles, mit Balken, wo es schmaler ist</translation>
    </message>
    <message>
        <source>Fill the tile</source>
        <translation>Kachel füllen</translation>
    </message>
    <message>
        <source>No bars; what does not fit is cut</source>
        <translation>Keine Balken; was nicht passt, wird abgeschnitten</translation>
    </message>
    <message>
        <source>Show boxes</source>
        <translation>Rahmen zeigen</translation>
    </message>
    <message>
        <source>FPS monitor</source>
        <translation>FPS-Anzeige</translation>
    </message>
    <message>
        <source>Turn</source>
        <translation>Drehen</translation>
    </message>
    <message>
        <source>Turning</source>
        <translation>Drehung</translation>
    </message>
    <message>
        <source>Mirroring</source>
        <translation>Spiegelung</translation>
    </message>
    <message>
        <source>Boxes</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>Compact</source>
        <translation>Kompakt</translation>
    </message>
    <message>
        <source>Full, with curves</source>
        <translation>Voll, mit Kurven</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Usual ({what})</source>
        <translation>Üblich ({what})</translation>
    </message>
    <message>
        <source>mirrored</source>
        <translation>gespiegelt</translation>
    </message>
</context>
<context>
    <name>WebcamPage</name>
    <message>
        <source>Cameras of this computer</source>
        <translation>Kameras dieses Computers</translation>
    </message>
    <message>
        <source>Looking for cameras…</source>
        <translation>Kameras werden gesucht…</translation>
    </message>
    <message>
        <source>Live picture of the chosen camera</source>
        <translation>Livebild der ausgewählten Kamera</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Pictures a second</source>
        <translation>Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Showing the camera</source>
        <translation>Zeigen der Kamera</translation>
    </message>
    <message>
        <source>Listing cameras</source>
        <translation>Auflisten der Kameras</translation>
    </message>
    <message>
        <source>Webcam {}</source>
        <translation>Webcam {}</translation>
    </message>
    <message>
        <source>No camera was found</source>
        <translation>Keine Kamera gefunden</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>&amp;Size</source>
        <translation>&amp;Größe</translation>
    </message>
    <message>
        <source>Pictures a s&amp;econd</source>
        <translation>Bilder pro S&amp;ekunde</translation>
    </message>
    <message>
        <source>F&amp;ormat</source>
        <translation>F&amp;ormat</translation>
    </message>
</context>
<context>
    <name>Workspaces</name>
    <message>
        <source>Open workspace</source>
        <translation>Arbeitsbereich öffnen</translation>
    </message>
    <message>
        <source>Workspaces (*.toml)</source>
        <translation>Arbeitsbereiche (*.toml)</translation>
    </message>
    <message>
        <source>{} is open already</source>
        <translation>{} ist schon geöffnet</translation>
    </message>
    <message>
        <source>The cameras here are in no file, and would be closed. Save them first with Ctrl+Shift+S.</source>
        <translation>Die Kameras hier sind in keiner Datei gespeichert und würden geschlossen. Speichern Sie sie zuerst mit Strg+Umschalt+S.</translation>
    </message>
    <message>
        <source>{} would be closed, and the recording ended.</source>
        <translation>Das Öffnen schließt {} und beendet die Aufnahme.</translation>
    </message>
    <message>
        <source>{name} was not opened: {why}</source>
        <translation>{name} wurde nicht geöffnet: {why}</translation>
    </message>
    <message>
        <source>Opened {}; what is changed is kept in it</source>
        <translation>{} geöffnet; Änderungen werden darin gespeichert</translation>
    </message>
    <message>
        <source>Opened {new}; what is changed is kept in it. What was here is in {old}.</source>
        <translation>{new} geöffnet; Änderungen werden darin gespeichert. Was hier war, ist in {old}.</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>{name} was not opened yet. {why}</source>
        <translation>{name} wurde noch nicht geöffnet. {why}</translation>
    </message>
    <message>
        <source>Open anyway</source>
        <translation>Trotzdem öffnen</translation>
    </message>
    <message>
        <source>Opening a workspace</source>
        <translation>Öffnen eines Arbeitsbereichs</translation>
    </message>
</context>
<context>
    <name>annotating</name>
    <message>
        <source>{done} of {all} pictures</source>
        <translation>{done} von {all} Bildern</translation>
    </message>
    <message>
        <source>{done} pictures</source>
        <translation>{done} Bilder</translation>
    </message>
    <message>
        <source>{fps:.1f} a second</source>
        <translation>{fps:.1f} pro Sekunde</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
</context>
<context>
    <name>core</name>
    <message>
        <source> Did you mean {path}?</source>
        <translation> Meinten Sie {path}?</translation>
    </message>
    <message>
        <source> If it is the name of a webcam: see livevision cameras.</source>
        <translation> Falls es der Name einer Webcam ist: siehe livevision cameras.</translation>
    </message>
    <message>
        <source> There is no folder {folder} either.</source>
        <translation> Auch den Ordner {folder} gibt es nicht.</translation>
    </message>
    <message>
        <source>, did you mean {known!r}?</source>
        <translation>, meinten Sie {known!r}?</translation>
    </message>
    <message>
        <source>, slot 0 taken for background</source>
        <translation>, Platz 0 gilt als Hintergrund</translation>
    </message>
    <message>
        <source>--seconds {seconds:g} is out of bounds; choose from 0.1 to {longest:g}</source>
        <translation>--seconds {seconds:g} ist außerhalb der Grenzen; wählen Sie 0.1 bis {longest:g}</translation>
    </message>
    <message>
        <source>: is the model one that finds objects?</source>
        <translation>: findet dieses Modell Objekte?</translation>
    </message>
    <message>
        <source>: is this a KServe v2 server?</source>
        <translation>: ist das ein KServe-v2-Server?</translation>
    </message>
    <message>
        <source>: say boxes=PATH in the address</source>
        <translation>: geben Sie boxes=PFAD in der Adresse an</translation>
    </message>
    <message>
        <source>; say box=PATH, and format= for other orders, in the address</source>
        <translation>; box=PFAD, und format= für andere Reihenfolgen, in der Adresse angeben</translation>
    </message>
    <message>
        <source>; set {variable}</source>
        <translation>; setzen Sie {variable}</translation>
    </message>
    <message>
        <source>; the {count} names in the metadata are of no use</source>
        <translation>; die {count} Namen in den Metadaten passen nicht dazu</translation>
    </message>
    <message>
        <source>A part of this camera fails unexpectedly and begins again: {reason}</source>
        <translation>Ein Teil dieser Kamera schlägt unerwartet fehl und beginnt von vorn: {reason}</translation>
    </message>
    <message>
        <source>A recorded file has no options, but ?{query} was given for {path}. Leave it out.</source>
        <translation>Eine aufgezeichnete Datei hat keine Optionen, aber für {path} wurde ?{query} angegeben. Lassen Sie das weg.</translation>
    </message>
    <message>
        <source>A {kind} recording would show who is to be hidden ({classes}). Record annotated instead.</source>
        <translation>Eine Aufnahme der Art {kind} würde zeigen, wer verdeckt werden soll ({classes}). Nehmen Sie stattdessen mit Rahmen auf.</translation>
    </message>
    <message>
        <source>At {seconds:.2f} s of the video: {text}</source>
        <translation>Bei {seconds:.2f} s im Video: {text}</translation>
    </message>
    <message>
        <source>Camera {camera} gives its last picture again and again. Was it unplugged?</source>
        <translation>Kamera {camera} gibt immer wieder ihr letztes Bild. Wurde sie ausgesteckt?</translation>
    </message>
    <message>
        <source>Camera {camera} gives no picture. Is it used by another program?</source>
        <translation>Kamera {camera} liefert kein Bild. Wird sie von einem anderen Programm verwendet?</translation>
    </message>
    <message>
        <source>Camera {camera} gives the same picture again and again; it is opened anew.</source>
        <translation>Kamera {camera} gibt immer wieder dasselbe Bild; sie wird neu geöffnet.</translation>
    </message>
    <message>
        <source>Camera {camera} stopped giving pictures. Was it unplugged?</source>
        <translation>Kamera {camera} liefert keine Bilder mehr. Wurde sie ausgesteckt?</translation>
    </message>
    <message>
        <source>Cannot look at {folder}: {reason}; check the disk</source>
        <translation>{folder} ist nicht lesbar: {reason}; prüfen Sie das Laufwerk</translation>
    </message>
    <message>
        <source>Cannot record {file}: {kind}: {error}</source>
        <translation>{file} kann nicht aufgezeichnet werden: {kind}: {error}</translation>
    </message>
    <message>
        <source>Cannot record {path} on: the camera sends another kind of video now</source>
        <translation>{path} kann nicht weiter aufgezeichnet werden: Die Kamera sendet jetzt eine andere Art von Video</translation>
    </message>
    <message>
        <source>Cannot record {path}: this build of PyAV has no {codec}; install av from PyPI, which has it</source>
        <translation>{path} kann nicht aufgezeichnet werden: Dieses PyAV hat kein {codec}; installieren Sie av von PyPI, das es enthält</translation>
    </message>
    <message>
        <source>Cannot record {path}: {reason}</source>
        <translation>{path} kann nicht aufgezeichnet werden: {reason}</translation>
    </message>
    <message>
        <source>Cannot record {path}: {what}; {advice}</source>
        <translation>{path} kann nicht aufgezeichnet werden: {what}; {advice}</translation>
    </message>
    <message>
        <source>Cannot record: this build of PyAV has no {codec}; install av from PyPI, which has it</source>
        <translation>Aufnahme nicht möglich: Dieses PyAV hat kein {codec}; installieren Sie av von PyPI, das es enthält</translation>
    </message>
    <message>
        <source>Cannot repair {path}: {what}; {advice}</source>
        <translation>{path} kann nicht repariert werden: {what}; {advice}</translation>
    </message>
    <message>
        <source>Cannot write {path}: {reason}. Choose another file for --stats.</source>
        <translation>{path} kann nicht geschrieben werden: {reason}. Wählen Sie eine andere Datei für --stats.</translation>
    </message>
    <message>
        <source>Cannot write {path}: {what}; {advice}</source>
        <translation>{path} kann nicht geschrieben werden: {what}; {advice}</translation>
    </message>
    <message>
        <source>Is it plugged in, and does `ls /dev/video*` show it? In a virtual machine or container it must be handed through (for Docker: --device /dev/video0).</source>
        <translation>Ist sie eingesteckt, und zeigt `ls /dev/video*` sie? In eine virtuelle Maschine oder einen Container muss sie durchgereicht werden (bei Docker: --device /dev/video0).</translation>
    </message>
    <message>
        <source>Is it plugged in? Settings &gt; Privacy &gt; Camera must allow it to desktop apps.</source>
        <translation>Ist sie eingesteckt? Einstellungen &gt; Datenschutz &gt; Kamera muss sie Desktop-Apps erlauben.</translation>
    </message>
    <message>
        <source>Is it plugged in? System Settings &gt; Privacy &amp; Security &gt; Camera must allow it to this terminal.</source>
        <translation>Ist sie eingesteckt? Systemeinstellungen &gt; Datenschutz &amp; Sicherheit &gt; Kamera muss sie diesem Terminal erlauben.</translation>
    </message>
    <message>
        <source>It looks like rtsp://user:password@host:554/path; write : / @ # ? and % in a password as %3A %2F %40 %23 %3F and %25.</source>
        <translation>Sie sieht so aus: rtsp://benutzer:passwort@host:554/pfad; schreiben Sie : / @ # ? und % in einem Passwort als %3A %2F %40 %23 %3F und %25.</translation>
    </message>
    <message>
        <source>No camera called {device} found. Is it plugged in? See livevision cameras.</source>
        <translation>Keine Kamera namens {device} gefunden. Ist sie eingesteckt? Siehe livevision cameras.</translation>
    </message>
    <message>
        <source>No camera {camera} found. Is it plugged in, or used by another program?</source>
        <translation>Keine Kamera {camera} gefunden. Ist sie eingesteckt, oder verwendet sie ein anderes Programm?</translation>
    </message>
    <message>
        <source>No picture came after connecting.</source>
        <translation>Nach dem Verbinden kam kein Bild.</translation>
    </message>
    <message>
        <source>No source was given. Try 0 for a webcam, rtsp://… for a camera, or the path of a video.</source>
        <translation>Es wurde keine Quelle angegeben. Versuchen Sie 0 für eine Webcam, rtsp://… für eine Kamera oder den Pfad eines Videos.</translation>
    </message>
    <message>
        <source>Nothing can be read there: the file is damaged.</source>
        <translation>Dort ist nichts lesbar: Die Datei ist beschädigt.</translation>
    </message>
    <message>
        <source>Nothing was recorded: no picture came</source>
        <translation>Nichts wurde aufgezeichnet: Es kam kein Bild</translation>
    </message>
    <message>
        <source>ONNX Runtime is installed but does not start ({detail}): {advice}</source>
        <translation>ONNX Runtime ist installiert, startet aber nicht ({detail}): {advice}</translation>
    </message>
    <message>
        <source>ONNX Runtime misses the module {module}: {advice}</source>
        <translation>ONNX Runtime fehlt das Modul {module}: {advice}</translation>
    </message>
    <message>
        <source>ONNX models need ONNX Runtime: {advice}</source>
        <translation>ONNX-Modelle brauchen ONNX Runtime: {advice}</translation>
    </message>
    <message>
        <source>On macOS the whole screen is read: leave out size and at.</source>
        <translation>Unter macOS wird der ganze Bildschirm gelesen: Lassen Sie size und at weg.</translation>
    </message>
    <message>
        <source>OpenCV&apos;s face model {file} cannot be read: reinstall opencv-python</source>
        <translation>Das Gesichtsmodell {file} von OpenCV ist nicht lesbar: Installieren Sie opencv-python neu</translation>
    </message>
    <message>
        <source>OpenCV&apos;s face model {file} is missing: reinstall opencv-python</source>
        <translation>Das Gesichtsmodell {file} von OpenCV fehlt: Installieren Sie opencv-python neu</translation>
    </message>
    <message>
        <source>Playing it failed unexpectedly: {reason}</source>
        <translation>Die Wiedergabe ist unerwartet fehlgeschlagen: {reason}</translation>
    </message>
    <message>
        <source>Recorded {length} to {files}</source>
        <translation>{length} aufgezeichnet: {files}</translation>
    </message>
    <message>
        <source>Recorded {length} to {files}, {count} pictures dropped</source>
        <translation>{length} aufgezeichnet: {files}, {count} Bilder verloren</translation>
    </message>
    <message>
        <source>Showing or recording this camera fails unexpectedly: {reason}</source>
        <translation>Diese Kamera anzuzeigen oder aufzunehmen schlägt unerwartet fehl: {reason}</translation>
    </message>
    <message>
        <source>The address of {address} can be read in two ways. {form}</source>
        <translation>Die Adresse von {address} ist zweideutig. {form}</translation>
    </message>
    <message>
        <source>The address of {address} has no valid host or port. {form}</source>
        <translation>Die Adresse von {address} hat keinen gültigen Host oder Port. {form}</translation>
    </message>
    <message>
        <source>The camera stopped sending pictures.</source>
        <translation>Die Kamera sendet keine Bilder mehr.</translation>
    </message>
    <message>
        <source>The disk does not answer; check it</source>
        <translation>Das Laufwerk antwortet nicht; prüfen Sie es</translation>
    </message>
    <message>
        <source>The disk is full ({free} GB free); make room or choose another disk</source>
        <translation>Das Laufwerk ist voll ({free} GB frei); schaffen Sie Platz, oder wählen Sie ein anderes</translation>
    </message>
    <message>
        <source>The disk is nearly full ({free} GB free); make room soon</source>
        <translation>Das Laufwerk ist fast voll ({free} GB frei); schaffen Sie bald Platz</translation>
    </message>
    <message>
        <source>The disk of {folder} does not answer; check it</source>
        <translation>Das Laufwerk von {folder} antwortet nicht; prüfen Sie es</translation>
    </message>
    <message>
        <source>The keyring of this computer refused: new passwords are forgotten when livevision is closed.</source>
        <translation>Der Schlüsselbund dieses Computers hat abgelehnt: Neue Passwörter sind vergessen, wenn livevision geschlossen wird.</translation>
    </message>
    <message>
        <source>The recording was ended: none of the pictures of the last {seconds} s reached its file; check the disk and record again</source>
        <translation>Die Aufnahme wurde beendet: Keines der Bilder der letzten {seconds} s hat seine Datei erreicht; prüfen Sie das Laufwerk und nehmen Sie neu auf</translation>
    </message>
    <message>
        <source>The recording was ended: {reason}</source>
        <translation>Die Aufnahme wurde beendet: {reason}</translation>
    </message>
    <message>
        <source>The repair of a recording was stopped; it goes on at the next start</source>
        <translation>Die Reparatur einer Aufnahme wurde angehalten; sie geht beim nächsten Start weiter</translation>
    </message>
    <message>
        <source>The screen</source>
        <translation>Der Bildschirm</translation>
    </message>
    <message>
        <source>The screen cannot be read here: this FFmpeg was built without {reason}.</source>
        <translation>Der Bildschirm kann hier nicht gelesen werden: Diesem FFmpeg fehlt {reason}.</translation>
    </message>
    <message>
        <source>The screen could not be read ({reason}). Is it there, and may this program record it?</source>
        <translation>Der Bildschirm konnte nicht gelesen werden ({reason}). Ist er da, und darf dieses Programm ihn aufnehmen?</translation>
    </message>
    <message>
        <source>The screen could not be read any more. Was the session closed?</source>
        <translation>Der Bildschirm konnte nicht mehr gelesen werden. Wurde die Sitzung beendet?</translation>
    </message>
    <message>
        <source>The screen could not be read. Does size, from at on, fit on it?</source>
        <translation>Der Bildschirm konnte nicht gelesen werden. Passt size, von at an, darauf?</translation>
    </message>
    <message>
        <source>The secret in {address} is not known on this computer any more; add it anew with the real value in place of {mask}</source>
        <translation>Das Geheimnis in {address} ist auf diesem Computer nicht mehr bekannt; fügen Sie die Kamera oder das Modell neu hinzu, mit dem wirklichen Wert anstelle von {mask}</translation>
    </message>
    <message>
        <source>The section ends before it begins; set the marks again</source>
        <translation>Der Abschnitt endet, bevor er beginnt; setzen Sie die Marken neu</translation>
    </message>
    <message>
        <source>The video has no picture in it; try to play it in a video player</source>
        <translation>Das Video enthält kein Bild; versuchen Sie, es in einem Videoplayer abzuspielen</translation>
    </message>
    <message>
        <source>There are no detections for {recording}: {file} is missing; put it beside the recording, or run livevision process with a model</source>
        <translation>Zu {recording} gibt es keine Erkennungen: {file} fehlt; legen Sie die Datei neben die Aufnahme, oder verwenden Sie livevision process mit einem Modell</translation>
    </message>
    <message>
        <source>There is no X display to read the screen from: DISPLAY is not set. Try screen:?display=:0.</source>
        <translation>Es gibt keine X-Anzeige, von der der Bildschirm gelesen werden könnte: DISPLAY ist nicht gesetzt. Versuchen Sie screen:?display=:0.</translation>
    </message>
    <message>
        <source>There is no encoder {text}; there are {known}</source>
        <translation>Den Encoder {text} gibt es nicht; es gibt {known}</translation>
    </message>
    <message>
        <source>There is no file {path}.{hint}</source>
        <translation>Die Datei {path} gibt es nicht.{hint}</translation>
    </message>
    <message>
        <source>There is no folder {folder}; create it, or choose another</source>
        <translation>Den Ordner {folder} gibt es nicht; legen Sie ihn an, oder wählen Sie einen anderen</translation>
    </message>
    <message>
        <source>There is no folder {folder}; create it, or choose another output</source>
        <translation>Den Ordner {folder} gibt es nicht; legen Sie ihn an, oder wählen Sie eine andere Ausgabe</translation>
    </message>
    <message>
        <source>There is no keyring on this computer that could keep passwords: they are forgotten when livevision is closed.</source>
        <translation>Dieser Computer hat keinen Schlüsselbund, der Passwörter behalten könnte: Sie sind vergessen, wenn livevision geschlossen wird.</translation>
    </message>
    <message>
        <source>There is no picture in the last {seconds} s of the file.</source>
        <translation>In den letzten {seconds} s der Datei ist kein Bild.</translation>
    </message>
    <message>
        <source>There is no recording {name}; check the name</source>
        <translation>Die Aufnahme {name} gibt es nicht; prüfen Sie den Namen</translation>
    </message>
    <message>
        <source>There is no {{{name}}} in names of recordings; did you mean {{{near}}}? There are {known}</source>
        <translation>{{{name}}} gibt es in Namen von Aufnahmen nicht; meinten Sie {{{near}}}? Es gibt {known}</translation>
    </message>
    <message>
        <source>There is no {{{name}}} in names of recordings; there are {known}</source>
        <translation>{{{name}}} gibt es in Namen von Aufnahmen nicht; es gibt {known}</translation>
    </message>
    <message>
        <source>This {scheme}:// source has a line break or another control character in it. Type it anew.</source>
        <translation>Diese {scheme}://-Quelle enthält einen Zeilenumbruch oder ein anderes Steuerzeichen. Geben Sie sie neu ein.</translation>
    </message>
    <message>
        <source>a folder of pictures</source>
        <translation>einen Ordner mit Bildern</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>eine Liste</translation>
    </message>
    <message>
        <source>a list at {path}</source>
        <translation>einer Liste bei {path}</translation>
    </message>
    <message>
        <source>a list of objects</source>
        <translation>einer Liste von Objekten</translation>
    </message>
    <message>
        <source>a list of objects at {path}</source>
        <translation>einer Liste von Objekten bei {path}</translation>
    </message>
    <message>
        <source>a list of objects under {names}</source>
        <translation>einer Liste von Objekten unter {names}</translation>
    </message>
    <message>
        <source>a list of predictions</source>
        <translation>einer Liste von Vorhersagen</translation>
    </message>
    <message>
        <source>a list of {count}</source>
        <translation>eine Liste mit {count} Einträgen</translation>
    </message>
    <message>
        <source>a list, as in [1, 2]</source>
        <translation>eine Liste wie [1, 2]</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>eine Zahl</translation>
    </message>
    <message>
        <source>a picture of {width}x{height} would be {count} tiles; choose larger ones</source>
        <translation>ein Bild mit {width}x{height} ergäbe {count} Teilbilder; wählen Sie größere</translation>
    </message>
    <message>
        <source>a picture of {width}×{height} could not be coded as JPEG</source>
        <translation>ein Bild mit {width}×{height} konnte nicht als JPEG codiert werden</translation>
    </message>
    <message>
        <source>a picture of {width}×{height} could not be coded as JPEG: {reason}</source>
        <translation>ein Bild mit {width}×{height} konnte nicht als JPEG codiert werden: {reason}</translation>
    </message>
    <message>
        <source>a slot for each of COCO&apos;s own numbers</source>
        <translation>ein Platz für jede Nummer von COCO</translation>
    </message>
    <message>
        <source>a synthetic scene</source>
        <translation>eine künstliche Szene</translation>
    </message>
    <message>
        <source>a table</source>
        <translation>eine Tabelle</translation>
    </message>
    <message>
        <source>a table of its own</source>
        <translation>eine eigene Tabelle</translation>
    </message>
    <message>
        <source>a webcam</source>
        <translation>eine Webcam</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>eine ganze Zahl</translation>
    </message>
    <message>
        <source>an empty object</source>
        <translation>ein leeres Objekt</translation>
    </message>
    <message>
        <source>an object with {keys}</source>
        <translation>ein Objekt mit {keys}</translation>
    </message>
    <message>
        <source>an output</source>
        <translation>eines Ausgangs</translation>
    </message>
    <message>
        <source>an {what} of the model is {given} instead of a name, a datatype and a shape</source>
        <translation>ein „{what}“ des Modells ist {given} statt Name, Datentyp und Form</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>und {count} weitere</translation>
    </message>
    <message>
        <source>another window of livevision does not stop writing it</source>
        <translation>ein anderes Fenster von livevision hört nicht auf, darin zu schreiben</translation>
    </message>
    <message>
        <source>at most {most} detections would be none; 1 is the least</source>
        <translation>höchstens {most} Erkennungen wären keine; 1 ist das Wenigste</translation>
    </message>
    <message>
        <source>at={text} is not LEFT,TOP in pixels; try at=0,0</source>
        <translation>at={text} ist nicht LINKS,OBEN in Pixeln; versuchen Sie at=0,0</translation>
    </message>
    <message>
        <source>box names {count} keys: it takes one for all four numbers, or four</source>
        <translation>box nennt {count} Schlüssel: möglich sind einer für alle vier Zahlen oder vier</translation>
    </message>
    <message>
        <source>boxes like {box} cannot be left, top, right, bottom: say format=xywh in the address if they are left, top, width, height, and format=cxcywh if they begin with the centre</source>
        <translation>Rechtecke wie {box} können nicht links, oben, rechts, unten sein: format=xywh in der Adresse angeben, wenn sie links, oben, Breite, Höhe sind, und format=cxcywh, wenn sie mit der Mitte beginnen</translation>
    </message>
    <message>
        <source>cannot look at {folder}: {reason}; check the disk</source>
        <translation>{folder} ist nicht lesbar: {reason}; prüfen Sie das Laufwerk</translation>
    </message>
    <message>
        <source>certificate not accepted</source>
        <translation>Zertifikat nicht anerkannt</translation>
    </message>
    <message>
        <source>check the disk, and choose another</source>
        <translation>prüfen Sie das Laufwerk, und wählen Sie ein anderes</translation>
    </message>
    <message>
        <source>choose a shorter one</source>
        <translation>wählen Sie einen kürzeren</translation>
    </message>
    <message>
        <source>choose another disk</source>
        <translation>wählen Sie ein anderes Laufwerk</translation>
    </message>
    <message>
        <source>choose another folder</source>
        <translation>wählen Sie einen anderen Ordner</translation>
    </message>
    <message>
        <source>choose another name</source>
        <translation>wählen Sie einen anderen Namen</translation>
    </message>
    <message>
        <source>classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>clock=on needs a size at least {width} pixels wide, not {given}; try size=640x360</source>
        <translation>clock=on braucht mindestens {width} Pixel Breite, nicht {given}; versuchen Sie size=640x360</translation>
    </message>
    <message>
        <source>clock={text} is neither on nor off</source>
        <translation>clock={text} ist weder on noch off</translation>
    </message>
    <message>
        <source>closing</source>
        <translation>wird abgeschlossen</translation>
    </message>
    <message>
        <source>closing, {count} left</source>
        <translation>wird abgeschlossen, noch {count}</translation>
    </message>
    <message>
        <source>confidence is {typed}, but goes from 0 to 1, as in 0.4</source>
        <translation>die Konfidenz ist {typed}, geht aber von 0 bis 1, zum Beispiel 0.4</translation>
    </message>
    <message>
        <source>confidences are not from 0 to 1</source>
        <translation>die Konfidenzen gehen nicht von 0 bis 1</translation>
    </message>
    <message>
        <source>connect it again or choose another</source>
        <translation>schließen Sie es wieder an, oder wählen Sie ein anderes</translation>
    </message>
    <message>
        <source>connection refused</source>
        <translation>Verbindung abgelehnt</translation>
    </message>
    <message>
        <source>create it or choose another</source>
        <translation>legen Sie ihn an, oder wählen Sie einen anderen</translation>
    </message>
    <message>
        <source>did you mean {known!r}? </source>
        <translation>meinten Sie {known!r}? </translation>
    </message>
    <message>
        <source>did you mean {known}?</source>
        <translation>meinten Sie {known}?</translation>
    </message>
    <message>
        <source>drawn</source>
        <translation>gezeichnet</translation>
    </message>
    <message>
        <source>found</source>
        <translation>gefunden</translation>
    </message>
    <message>
        <source>fps={text} is not a number; try fps=25</source>
        <translation>fps={text} ist keine Zahl; versuchen Sie fps=25</translation>
    </message>
    <message>
        <source>fps={text} is out of bounds; choose one from {slowest:g} to {fastest:g}</source>
        <translation>fps={text} ist außerhalb der Grenzen; wählen Sie {slowest:g} bis {fastest:g}</translation>
    </message>
    <message>
        <source>gives</source>
        <translation>liefert</translation>
    </message>
    <message>
        <source>gives {boxes} and {logits}: {slots}</source>
        <translation>liefert {boxes} und {logits}: {slots}</translation>
    </message>
    <message>
        <source>grey</source>
        <translation>grau</translation>
    </message>
    <message>
        <source>heights are 0</source>
        <translation>die Höhen sind 0</translation>
    </message>
    <message>
        <source>hidden until the model has answered</source>
        <translation>verdeckt, bis das Modell geantwortet hat</translation>
    </message>
    <message>
        <source>hidden, as nothing was written beside it that tells who is to be seen</source>
        <translation>verdeckt, da daneben nichts steht, was sagt, wer zu sehen ist</translation>
    </message>
    <message>
        <source>hidden, as the detections beside it say nothing of {classes}</source>
        <translation>verdeckt, da die Funde daneben nichts über {classes} sagen</translation>
    </message>
    <message>
        <source>hidden, as the model has not shown that it knows {classes}</source>
        <translation>verdeckt, da nicht bekannt ist, ob das Modell {classes} kennt</translation>
    </message>
    <message>
        <source>hidden, as the model saw pictures of {seen}, and these are {shown}</source>
        <translation>verdeckt, da das Modell Bilder von {seen} sah und diese {shown} groß sind</translation>
    </message>
    <message>
        <source>hidden, as the model&apos;s answers are missing or late</source>
        <translation>verdeckt, da die Antworten des Modells fehlen oder zu spät kommen</translation>
    </message>
    <message>
        <source>if it is a DEIMv2 from size S on, which wants ImageNet&apos;s mean and deviation</source>
        <translation>wenn es ein DEIMv2 ab Größe S ist, das Mittelwert und Abweichung von ImageNet will</translation>
    </message>
    <message>
        <source>if it is an RT-DETR, D-FINE or DEIM, whose pictures go from 0 to 1</source>
        <translation>wenn es ein RT-DETR, D-FINE oder DEIM ist, deren Bilder von 0 bis 1 gehen</translation>
    </message>
    <message>
        <source>inputs and outputs of a model</source>
        <translation>der Ein- und Ausgänge eines Modells</translation>
    </message>
    <message>
        <source>it called sys.exit({code})</source>
        <translation>es hat sys.exit({code}) aufgerufen</translation>
    </message>
    <message>
        <source>it did not load; it needs {needs}</source>
        <translation>nicht geladen; nötig ist {needs}</translation>
    </message>
    <message>
        <source>it ended</source>
        <translation>es endete</translation>
    </message>
    <message>
        <source>it exists already</source>
        <translation>gibt es schon</translation>
    </message>
    <message>
        <source>it has lists within lists without end</source>
        <translation>sie enthält endlos verschachtelte Listen</translation>
    </message>
    <message>
        <source>it has more than {most} MB, which no file of livevision has</source>
        <translation>sie hat mehr als {most} MB, so viel hat keine Datei von livevision</translation>
    </message>
    <message>
        <source>it has values that are larger than any that is meant</source>
        <translation>sie enthält Werte, die größer sind als alle sinnvollen</translation>
    </message>
    <message>
        <source>it is damaged or no ONNX file; copy or export it again</source>
        <translation>beschädigt oder keine ONNX-Datei; kopieren oder exportieren Sie sie noch einmal</translation>
    </message>
    <message>
        <source>it is not UTF-8 text</source>
        <translation>kein UTF-8-Text</translation>
    </message>
    <message>
        <source>it is not known yet what the model {model} takes</source>
        <translation>noch ist nicht bekannt, was das Modell {model} annimmt</translation>
    </message>
    <message>
        <source>it looks like {known}</source>
        <translation>sie sieht so aus: {known}</translation>
    </message>
    <message>
        <source>it was written by a newer livevision (form {form}, this one knows {known})</source>
        <translation>ein neueres livevision hat sie geschrieben (Format {form}, dieses kennt {known})</translation>
    </message>
    <message>
        <source>its pictures come out wrong</source>
        <translation>seine Bilder werden falsch</translation>
    </message>
    <message>
        <source>its sound ({codec}) is not recorded</source>
        <translation>ihr Ton ({codec}) wird nicht aufgezeichnet</translation>
    </message>
    <message>
        <source>its sound is Opus, which the players of Windows and Apple may leave out</source>
        <translation>ihr Ton ist Opus, den die Abspieler von Windows und Apple vielleicht weglassen</translation>
    </message>
    <message>
        <source>its sound is not recorded, as its pictures ({codec}) cannot be copied</source>
        <translation>ihr Ton wird nicht aufgezeichnet, da sich ihre Bilder ({codec}) nicht kopieren lassen</translation>
    </message>
    <message>
        <source>known are {known}</source>
        <translation>bekannt sind {known}</translation>
    </message>
    <message>
        <source>layout</source>
        <translation>Layout</translation>
    </message>
    <message>
        <source>layout {layout} does not fit: the model gives {outputs} ({reason})</source>
        <translation>das Layout {layout} passt nicht: Das Modell liefert {outputs} ({reason})</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>ausgelassen</translation>
    </message>
    <message>
        <source>letters, digits, - and _</source>
        <translation>Buchstaben, Ziffern, - und _</translation>
    </message>
    <message>
        <source>line {number}: </source>
        <translation>Zeile {number}: </translation>
    </message>
    <message>
        <source>line {number}: no text in UTF-8</source>
        <translation>Zeile {number}: kein Text in UTF-8</translation>
    </message>
    <message>
        <source>livevision failed ({kind}): a mistake in it. The log has the details.</source>
        <translation>livevision hat versagt ({kind}): ein Fehler darin. Näheres steht im Protokoll.</translation>
    </message>
    <message>
        <source>make room or choose another disk</source>
        <translation>schaffen Sie Platz, oder wählen Sie ein anderes Laufwerk</translation>
    </message>
    <message>
        <source>no TOML: {reason}</source>
        <translation>kein TOML: {reason}</translation>
    </message>
    <message>
        <source>no connection</source>
        <translation>keine Verbindung</translation>
    </message>
    <message>
        <source>no metadata</source>
        <translation>keine Metadaten</translation>
    </message>
    <message>
        <source>no permission to write there</source>
        <translation>keine Erlaubnis, dort zu schreiben</translation>
    </message>
    <message>
        <source>no pre-roll: this source gives pictures, not packets</source>
        <translation>kein Vorlauf: Diese Quelle liefert Bilder, keine Pakete</translation>
    </message>
    <message>
        <source>no server speaks {typed!r}{hint}: {form}</source>
        <translation>kein Server spricht {typed!r}{hint}: {form}</translation>
    </message>
    <message>
        <source>no such file</source>
        <translation>keine solche Datei</translation>
    </message>
    <message>
        <source>not known: numbers are shown</source>
        <translation>nicht bekannt: gezeigt werden Nummern</translation>
    </message>
    <message>
        <source>not recognised</source>
        <translation>nicht erkannt</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>notice</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>on offer</source>
        <translation>verfügbar</translation>
    </message>
    <message>
        <source>only a number, true, false, a line of text, or a list of up to {most} of them is allowed</source>
        <translation>erlaubt ist nur eine Zahl, true, false, eine Zeile Text oder eine Liste von bis zu {most} davon</translation>
    </message>
    <message>
        <source>output {name} has no shape that can be</source>
        <translation>Ausgang {name} hat eine unmögliche Form</translation>
    </message>
    <message>
        <source>output {name} has something else than numbers in it</source>
        <translation>Ausgang {name} enthält anderes als Zahlen</translation>
    </message>
    <message>
        <source>output {name} has {count} elements, and {most} at most are taken</source>
        <translation>Ausgang {name} hat {count} Elemente, höchstens {most} werden angenommen</translation>
    </message>
    <message>
        <source>output {name} has {given} instead of its numbers</source>
        <translation>Ausgang {name} hat {given} statt seiner Zahlen</translation>
    </message>
    <message>
        <source>output {name} has {size} numbers instead of {count}</source>
        <translation>Ausgang {name} hat {size} Zahlen statt {count}</translation>
    </message>
    <message>
        <source>output {name} of {shape} {dtype} does not fit the {count} bytes that came for it</source>
        <translation>Ausgang {name} mit {shape} {dtype} passt nicht zu den {count} Bytes, die dafür kamen</translation>
    </message>
    <message>
        <source>output {name}: {error}</source>
        <translation>Ausgang {name}: {error}</translation>
    </message>
    <message>
        <source>overlay.{key} is a number, as in 1.5</source>
        <translation>overlay.{key} ist eine Zahl, zum Beispiel 1.5</translation>
    </message>
    <message>
        <source>overlay.{key} is not known; there are {known}</source>
        <translation>overlay.{key} ist unbekannt; es gibt {known}</translation>
    </message>
    <message>
        <source>overlay: {error}</source>
        <translation>overlay: {error}</translation>
    </message>
    <message>
        <source>pictures of {width}x{height} for the model are out of bounds: 1 to {largest} a side</source>
        <translation>Bilder mit {width}x{height} für das Modell sind außerhalb der Grenzen: 1 bis {largest} je Seite</translation>
    </message>
    <message>
        <source>pictures of {width}x{height}, {fit}, {channels}</source>
        <translation>Bilder mit {width}x{height}, {fit}, {channels}</translation>
    </message>
    <message>
        <source>rows of {count} numbers came, and it is not certain what they are: say it in the address, as in box=[0],[1],[2],[3]&amp;score=[4]&amp;label=[5]</source>
        <translation>Zeilen aus {count} Zahlen kamen, und es ist nicht sicher, was sie sind: In der Adresse angeben, etwa box=[0],[1],[2],[3]&amp;score=[4]&amp;label=[5]</translation>
    </message>
    <message>
        <source>runs on</source>
        <translation>läuft auf</translation>
    </message>
    <message>
        <source>say which with --layout NAME, or with {{&quot;layout&quot;: &quot;NAME&quot;}} in a file of the same name that ends in .json</source>
        <translation>geben Sie es mit --layout NAME an, oder mit {{&quot;layout&quot;: &quot;NAME&quot;}} in einer Datei gleichen Namens, die auf .json endet</translation>
    </message>
    <message>
        <source>says</source>
        <translation>nennt</translation>
    </message>
    <message>
        <source>scores up to {top:.3g} came: if they are per cent, say certain=100 in the address</source>
        <translation>Werte bis {top:.3g} kamen: certain=100 in der Adresse angeben, wenn es Prozente sind</translation>
    </message>
    <message>
        <source>scores up to {top:.3g}: logits? Make it answer 0 to 1, with a sigmoid or softmax</source>
        <translation>Konfidenzen bis {top:.3g}: Logits? Lassen Sie es 0 bis 1 antworten, mit Sigmoid oder Softmax</translation>
    </message>
    <message>
        <source>scores up to {top:.3g}: per cent? Make it answer 0 to 1</source>
        <translation>Konfidenzen bis {top:.3g}: Prozent? Lassen Sie es 0 bis 1 antworten</translation>
    </message>
    <message>
        <source>screen:{rest} is not known; there is one screen:, try screen:?size=1280x720&amp;at=0,0</source>
        <translation>screen:{rest} ist unbekannt; es gibt ein screen:, versuchen Sie screen:?size=1280x720&amp;at=0,0</translation>
    </message>
    <message>
        <source>seed={text} is not a whole number from 0 on; try seed=1</source>
        <translation>seed={text} ist keine ganze Zahl ab 0; versuchen Sie seed=1</translation>
    </message>
    <message>
        <source>server {place} answered more than {most} MB, and was cut off</source>
        <translation>Server {place} hat mehr als {most} MB geantwortet und wurde abgebrochen</translation>
    </message>
    <message>
        <source>server {place} answered {status}{said}</source>
        <translation>Server {place} antwortet {status}{said}</translation>
    </message>
    <message>
        <source>server {place} broke off in the middle of its answer</source>
        <translation>Server {place} brach mitten in der Antwort ab</translation>
    </message>
    <message>
        <source>server {place} cannot be found: no name server knows it; check how it is written, and the network</source>
        <translation>Server {place} ist nicht zu finden: Kein Nameserver kennt ihn; prüfen Sie die Schreibweise und das Netzwerk</translation>
    </message>
    <message>
        <source>server {place} cannot be trusted ({reason}); let SSL_CERT_FILE name the certificate that it should have</source>
        <translation>Server {place} ist nicht vertrauenswürdig ({reason}); nennen Sie in SSL_CERT_FILE das Zertifikat, das er haben soll</translation>
    </message>
    <message>
        <source>server {place} closed the connection instead of answering</source>
        <translation>Server {place} hat die Verbindung geschlossen, statt zu antworten</translation>
    </message>
    <message>
        <source>server {place} could not be asked ({kind})</source>
        <translation>Server {place} konnte nicht gefragt werden ({kind})</translation>
    </message>
    <message>
        <source>server {place} does not answer</source>
        <translation>Server {place} antwortet nicht</translation>
    </message>
    <message>
        <source>server {place} does not answer (no connection within {seconds:g} s)</source>
        <translation>Server {place} antwortet nicht (keine Verbindung binnen {seconds:g} s)</translation>
    </message>
    <message>
        <source>server {place} does not answer ({reason})</source>
        <translation>Server {place} antwortet nicht ({reason})</translation>
    </message>
    <message>
        <source>server {place} does not answer in TLS; is it http:// instead of https://?</source>
        <translation>Server {place} antwortet nicht in TLS; ist es http:// statt https://?</translation>
    </message>
    <message>
        <source>server {place} does not speak HTTP, or not well</source>
        <translation>Server {place} spricht kein HTTP, oder kein richtiges</translation>
    </message>
    <message>
        <source>server {place} has {count} pictures to answer already; ask it for fewer cameras</source>
        <translation>Server {place} hat schon {count} Bilder zu beantworten; fragen Sie ihn für weniger Kameras</translation>
    </message>
    <message>
        <source>server {place} is asked too often ({status}){said}</source>
        <translation>Server {place} wird zu oft gefragt ({status}){said}</translation>
    </message>
    <message>
        <source>server {place} redirects ({status}); use the address that it redirects to</source>
        <translation>Server {place} leitet um ({status}); verwenden Sie die Adresse, zu der er umleitet</translation>
    </message>
    <message>
        <source>server {place} sent nonsense ({kind})</source>
        <translation>Server {place} hat Unsinn gesendet ({kind})</translation>
    </message>
    <message>
        <source>server {place} took longer than {seconds:g} s to answer</source>
        <translation>Server {place} brauchte länger als {seconds:g} s für seine Antwort</translation>
    </message>
    <message>
        <source>server {place} took longer than {seconds:g} s to answer in full</source>
        <translation>Server {place} brauchte länger als {seconds:g} s für seine ganze Antwort</translation>
    </message>
    <message>
        <source>server {place} wants another API key ({status}){said}</source>
        <translation>Server {place} verlangt einen anderen API-Schlüssel ({status}){said}</translation>
    </message>
    <message>
        <source>server {place}: {error}</source>
        <translation>Server {place}: {error}</translation>
    </message>
    <message>
        <source>size={text} is not WIDTHxHEIGHT; try size=1280x720</source>
        <translation>size={text} ist nicht BREITExHÖHE; versuchen Sie size=1280x720</translation>
    </message>
    <message>
        <source>size={text} is out of bounds; choose one from {low} to {high}</source>
        <translation>size={text} ist außerhalb der Grenzen; wählen Sie {low} bis {high}</translation>
    </message>
    <message>
        <source>success and predictions</source>
        <translation>success und predictions</translation>
    </message>
    <message>
        <source>sv.Detections, a Roboflow result, an Ultralytics or transformers result, or None for nothing found</source>
        <translation>sv.Detections, ein Ergebnis von Roboflow, Ultralytics oder transformers, oder None, wenn nichts gefunden wurde</translation>
    </message>
    <message>
        <source>takes</source>
        <translation>nimmt</translation>
    </message>
    <message>
        <source>takes no colour pictures, [1,3,height,width], but {inputs}</source>
        <translation>nimmt keine Farbbilder, [1,3,Höhe,Breite], sondern {inputs}</translation>
    </message>
    <message>
        <source>takes pictures as {dtype}: export it with float32, float16 or uint8 pictures</source>
        <translation>nimmt Bilder als {dtype}: Exportieren Sie es mit Bildern in float32, float16 oder uint8</translation>
    </message>
    <message>
        <source>takes pictures of {count} channels, which livevision does not give: it gives three colours, or grey</source>
        <translation>nimmt Bilder mit {count} Kanälen, die livevision nicht gibt: Es gibt drei Farben oder grau</translation>
    </message>
    <message>
        <source>takes {sizes} beside the picture, and gives labels, boxes and scores</source>
        <translation>nimmt {sizes} neben dem Bild, und liefert labels, boxes und scores</translation>
    </message>
    <message>
        <source>takes {sizes} beside the picture, and has DINOv3 inside</source>
        <translation>nimmt {sizes} neben dem Bild und hat DINOv3 in sich</translation>
    </message>
    <message>
        <source>text in quotes</source>
        <translation>Text in Anführungszeichen</translation>
    </message>
    <message>
        <source>the API key in {source} has a blank or a special character in it: copy it anew</source>
        <translation>der API-Schlüssel in {source} enthält ein Leer- oder Sonderzeichen: Kopieren Sie ihn neu</translation>
    </message>
    <message>
        <source>the address</source>
        <translation>der Adresse</translation>
    </message>
    <message>
        <source>the answer has no output {output}</source>
        <translation>die Antwort hat keinen Ausgang {output}</translation>
    </message>
    <message>
        <source>the answer has {count} bytes more than its outputs say</source>
        <translation>die Antwort hat {count} Bytes mehr, als ihre Ausgänge angeben</translation>
    </message>
    <message>
        <source>the answer has {dtype}{shape} where the model declares {wanted}</source>
        <translation>die Antwort hat {dtype}{shape}, wo das Modell {wanted} angibt</translation>
    </message>
    <message>
        <source>the answer&apos;s {header} is {given!r}, but it has {size} bytes</source>
        <translation>{header} der Antwort ist {given!r}, aber sie hat {size} Bytes</translation>
    </message>
    <message>
        <source>the class names are those of COCO</source>
        <translation>die Klassennamen sind die von COCO</translation>
    </message>
    <message>
        <source>the classes have no names</source>
        <translation>die Klassen haben keine Namen</translation>
    </message>
    <message>
        <source>the clock needs a picture at least {width} pixels wide, not {given}: choose a larger size or leave the clock off</source>
        <translation>die Uhr braucht ein mindestens {width} Pixel breites Bild, nicht {given}: Wählen Sie eine größere Größe, oder lassen Sie die Uhr weg</translation>
    </message>
    <message>
        <source>the datatype {datatype!r} cannot be used; known are {known}</source>
        <translation>der Datentyp {datatype!r} ist nicht verwendbar; bekannt sind {known}</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>das Laufwerk ist voll</translation>
    </message>
    <message>
        <source>the disk is full ({free} GB free); make room or choose another disk</source>
        <translation>das Laufwerk ist voll ({free} GB frei); schaffen Sie Platz, oder wählen Sie ein anderes</translation>
    </message>
    <message>
        <source>the disk is gone</source>
        <translation>das Laufwerk ist weg</translation>
    </message>
    <message>
        <source>the disk is read-only</source>
        <translation>das Laufwerk ist schreibgeschützt</translation>
    </message>
    <message>
        <source>the disk reports an error</source>
        <translation>das Laufwerk meldet einen Fehler</translation>
    </message>
    <message>
        <source>the file has not grown for {seconds} s</source>
        <translation>die Datei ist seit {seconds} s nicht gewachsen</translation>
    </message>
    <message>
        <source>the file is as big as this disk allows</source>
        <translation>die Datei ist so groß, wie dieses Laufwerk erlaubt</translation>
    </message>
    <message>
        <source>the keyring</source>
        <translation>dem Schlüsselbund</translation>
    </message>
    <message>
        <source>the last slot is taken for background</source>
        <translation>der letzte Platz gilt als Hintergrund</translation>
    </message>
    <message>
        <source>the least side is {side:g} pixels, but cannot be less than 0</source>
        <translation>die kleinste Seite ist {side:g} Pixel, kann aber nicht unter 0 sein</translation>
    </message>
    <message>
        <source>the mapping {file} cannot be read: {reason}</source>
        <translation>die Zuordnung {file} ist nicht lesbar: {reason}</translation>
    </message>
    <message>
        <source>the mapping {file} is no JSON object with the keys {known}</source>
        <translation>die Zuordnung {file} ist kein JSON-Objekt mit den Schlüsseln {known}</translation>
    </message>
    <message>
        <source>the mapping {file} is not JSON</source>
        <translation>die Zuordnung {file} ist kein JSON</translation>
    </message>
    <message>
        <source>the metadata are those of a YOLOv5 export; {output}</source>
        <translation>die Metadaten sind die eines YOLOv5-Exports; {output}</translation>
    </message>
    <message>
        <source>the metadata say RT-DETR; {output} has a row for each query</source>
        <translation>die Metadaten nennen RT-DETR; {output} hat eine Zeile für jede Abfrage</translation>
    </message>
    <message>
        <source>the metadata say task: detect; {output}</source>
        <translation>die Metadaten nennen task: detect; {output}</translation>
    </message>
    <message>
        <source>the metadata say task: obb; {output}</source>
        <translation>die Metadaten nennen task: obb; {output}</translation>
    </message>
    <message>
        <source>the metadata say task: pose; {output}</source>
        <translation>die Metadaten nennen task: pose; {output}</translation>
    </message>
    <message>
        <source>the metadata say that it suppresses overlaps itself; {output}</source>
        <translation>laut Metadaten unterdrückt es Überlappungen selbst; {output}</translation>
    </message>
    <message>
        <source>the model file {path} cannot be read: {reason}</source>
        <translation>die Modelldatei {path} ist nicht lesbar: {reason}</translation>
    </message>
    <message>
        <source>the model file {path} is empty: copy or export it again</source>
        <translation>die Modelldatei {path} ist leer: Kopieren oder exportieren Sie sie noch einmal</translation>
    </message>
    <message>
        <source>the model has {count} {what}s: a detector has a few</source>
        <translation>das Modell hat {count} {what}s: Ein Detektor hat wenige</translation>
    </message>
    <message>
        <source>the model returned {kind}; accepted are {accepted}</source>
        <translation>das Modell hat {kind} geliefert; angenommen werden {accepted}</translation>
    </message>
    <message>
        <source>the model takes {inputs} and gives {outputs}</source>
        <translation>das Modell nimmt {inputs} und liefert {outputs}</translation>
    </message>
    <message>
        <source>the model takes {own} pictures only, not {width}x{height}: leave --imgsz out, or export it with free sizes</source>
        <translation>das Modell nimmt nur Bilder mit {own}, nicht {width}x{height}: Lassen Sie --imgsz weg, oder exportieren Sie es mit freien Größen</translation>
    </message>
    <message>
        <source>the model&apos;s answer cannot be read as {layout}: it gave {gave} ({reason}); if it is of another family, say which with --layout</source>
        <translation>die Antwort des Modells ist nicht als {layout} lesbar: Es lieferte {gave} ({reason}); ist es von einer anderen Familie, geben Sie sie mit --layout an</translation>
    </message>
    <message>
        <source>the model&apos;s answer has no numbers, but NaN or infinity; does it overflow in half precision? Export it with float32</source>
        <translation>die Antwort des Modells enthält keine Zahlen, sondern NaN oder Unendlich; läuft es in halber Genauigkeit über? Exportieren Sie es mit float32</translation>
    </message>
    <message>
        <source>the name is too long</source>
        <translation>der Name ist zu lang</translation>
    </message>
    <message>
        <source>the network drive is gone</source>
        <translation>das Netzlaufwerk ist weg</translation>
    </message>
    <message>
        <source>the number of slots is left open</source>
        <translation>die Zahl der Plätze ist offen</translation>
    </message>
    <message>
        <source>the overlap is {iou:g}, but goes from 0 to 1, as in 0.5</source>
        <translation>die Überlappung ist {iou:g}, geht aber von 0 bis 1, zum Beispiel 0.5</translation>
    </message>
    <message>
        <source>the overlap of tiles is {overlap:g}, but goes from 0 to {most}, as in 0.2</source>
        <translation>die Überlappung der Teilbilder ist {overlap:g}, geht aber von 0 bis {most}, zum Beispiel 0.2</translation>
    </message>
    <message>
        <source>the picture with boxes cannot be written to {folder}: {reason}</source>
        <translation>das Bild mit Rahmen kann nicht nach {folder} geschrieben werden: {reason}</translation>
    </message>
    <message>
        <source>the picture {path} cannot be read: {reason}</source>
        <translation>das Bild {path} ist nicht lesbar: {reason}</translation>
    </message>
    <message>
        <source>the screen</source>
        <translation>den Bildschirm</translation>
    </message>
    <message>
        <source>the second corner is left of or above the first; are they centres and sides?</source>
        <translation>die zweite Ecke liegt links von der ersten oder darüber; sind es Mitten und Seiten?</translation>
    </message>
    <message>
        <source>the server says: {said}</source>
        <translation>der Server sagt: {said}</translation>
    </message>
    <message>
        <source>the server&apos;s answer is empty: is this the address of a model?</source>
        <translation>die Antwort des Servers ist leer: Ist das die Adresse eines Modells?</translation>
    </message>
    <message>
        <source>the server&apos;s answer is nested too deeply to be one</source>
        <translation>die Antwort des Servers ist zu tief verschachtelt, um eine zu sein</translation>
    </message>
    <message>
        <source>the server&apos;s answer is not JSON, it begins with {beginning!r}: is this the address of a model?</source>
        <translation>die Antwort des Servers ist kein JSON, sie beginnt mit {beginning!r}: Ist das die Adresse eines Modells?</translation>
    </message>
    <message>
        <source>the text {text!r}</source>
        <translation>der Text {text!r}</translation>
    </message>
    <message>
        <source>the truth of a synthetic scene is known only while it is open</source>
        <translation>die Wahrheit einer künstlichen Szene ist nur bekannt, solange sie geöffnet ist</translation>
    </message>
    <message>
        <source>the {kind} that the model returned cannot be read: {reason}</source>
        <translation>{kind}, vom Modell geliefert, ist nicht lesbar: {reason}</translation>
    </message>
    <message>
        <source>there is no layout {name!r}; known are {known}</source>
        <translation>das Layout {name!r} gibt es nicht; bekannt sind {known}</translation>
    </message>
    <message>
        <source>there is no model file {name}; look for a mistake in the path</source>
        <translation>die Modelldatei {name} gibt es nicht; prüfen Sie den Pfad</translation>
    </message>
    <message>
        <source>there is no model {name!r}: {hint}known are {known}, FILE.onnx, servers as in roboflow+http://…, and package.module:factory for your own</source>
        <translation>das Modell {name!r} gibt es nicht: {hint}bekannt sind {known}, DATEI.onnx, Server wie roboflow+http://… und paket.modul:fabrik für ein eigenes</translation>
    </message>
    <message>
        <source>there is no such folder</source>
        <translation>diesen Ordner gibt es nicht</translation>
    </message>
    <message>
        <source>there is no task {task!r}: known are {known}</source>
        <translation>die Aufgabe {task!r} gibt es nicht: bekannt sind {known}</translation>
    </message>
    <message>
        <source>they are absurdly large</source>
        <translation>sie sind unsinnig groß</translation>
    </message>
    <message>
        <source>they are not numbers</source>
        <translation>es sind keine Zahlen</translation>
    </message>
    <message>
        <source>they are outside of the picture; are they for one of another size?</source>
        <translation>sie liegen außerhalb des Bildes; sind sie für eines von anderer Größe?</translation>
    </message>
    <message>
        <source>this ONNX Runtime is built without it: it needs {needs}</source>
        <translation>diese ONNX Runtime enthält es nicht: nötig ist {needs}</translation>
    </message>
    <message>
        <source>this build of PyAV has no such encoder</source>
        <translation>dieses PyAV hat keinen solchen Encoder</translation>
    </message>
    <message>
        <source>this is no address of an inference server: {form}</source>
        <translation>das ist keine Adresse eines Inferenzservers: {form}</translation>
    </message>
    <message>
        <source>this model does not know the class {name!r}: did you mean {near!r}?</source>
        <translation>dieses Modell kennt die Klasse {name!r} nicht: meinten Sie {near!r}?</translation>
    </message>
    <message>
        <source>this model does not know the class {name!r}: it knows {known}</source>
        <translation>dieses Modell kennt die Klasse {name!r} nicht: es kennt {known}</translation>
    </message>
    <message>
        <source>this {scheme}:// address has a blank or a control character in it; write a blank as %20</source>
        <translation>diese {scheme}://-Adresse enthält ein Leer- oder Steuerzeichen; schreiben Sie ein Leerzeichen als %20</translation>
    </message>
    <message>
        <source>this {scheme}:// address has no host and port that can be: it looks like {scheme}://host:8000/…; write : / @ # ? and % in a password as %3A %2F %40 %23 %3F and %25</source>
        <translation>diese {scheme}://-Adresse hat keinen möglichen Host und Port: Sie sieht so aus: {scheme}://host:8000/…; schreiben Sie : / @ # ? und % in einem Passwort als %3A %2F %40 %23 %3F und %25</translation>
    </message>
    <message>
        <source>this {scheme}:// source</source>
        <translation>dieser {scheme}://-Quelle</translation>
    </message>
    <message>
        <source>tiles of {width}x{height} are too small; {least}x{least} is the least</source>
        <translation>Teilbilder mit {width}x{height} sind zu klein; {least}x{least} ist das Kleinste</translation>
    </message>
    <message>
        <source>time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>too deeply nested</source>
        <translation>zu tief verschachtelt</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true oder false</translation>
    </message>
    <message>
        <source>try again, and report this if it comes back</source>
        <translation>versuchen Sie es noch einmal, und melden Sie es, wenn es wiederkommt</translation>
    </message>
    <message>
        <source>try another folder</source>
        <translation>versuchen Sie einen anderen Ordner</translation>
    </message>
    <message>
        <source>udp://{host} has no port. Write the one to listen on: udp://{host}:1234.</source>
        <translation>udp://{host} hat keinen Port. Geben Sie den an, auf dem empfangen wird: udp://{host}:1234.</translation>
    </message>
    <message>
        <source>unknown annotator {given!r}{hint}; there are {known}, default and none</source>
        <translation>unbekannte Darstellung {given!r}{hint}; es gibt {known}, default und none</translation>
    </message>
    <message>
        <source>unknown colouring {word!r}{near}; write class, identity or one colour like #E69F00</source>
        <translation>unbekannte Färbung {word!r}{near}; schreiben Sie class, identity oder eine Farbe wie #E69F00</translation>
    </message>
    <message>
        <source>unknown format {pixels!r} of a webcam{hint}; there are {known}</source>
        <translation>unbekanntes Format {pixels!r} einer Webcam{hint}; es gibt {known}</translation>
    </message>
    <message>
        <source>unknown key {name!r} in the address{hint}; there are {known}</source>
        <translation>unbekannter Schlüssel {name!r} in der Adresse{hint}; es gibt {known}</translation>
    </message>
    <message>
        <source>unknown key {name!r} in {file}{hint}; there are {known}</source>
        <translation>unbekannter Schlüssel {name!r} in {file}{hint}; es gibt {known}</translation>
    </message>
    <message>
        <source>unknown option {name!r} of {owner}{hint}; there are {known}</source>
        <translation>unbekannte Option {name!r} für {owner}{hint}; es gibt {known}</translation>
    </message>
    <message>
        <source>unknown option {name!r}: {owner} has none</source>
        <translation>unbekannte Option {name!r}: es gibt keine für {owner}</translation>
    </message>
    <message>
        <source>unknown scene {scene!r}{hint}; try {known}</source>
        <translation>unbekannte Szene {scene!r}{hint}; versuchen Sie {known}</translation>
    </message>
    <message>
        <source>unknown transport{hint}; there are {known}</source>
        <translation>unbekannter Transport{hint}; es gibt {known}</translation>
    </message>
    <message>
        <source>webcam: wants the name of a webcam, such as webcam:Logitech. See livevision cameras.</source>
        <translation>webcam: verlangt den Namen einer Webcam, zum Beispiel webcam:Logitech. Siehe livevision cameras.</translation>
    </message>
    <message>
        <source>which model? Say it in the address, as in kserve+http://host:8000/MODEL</source>
        <translation>welches Modell? Geben Sie es in der Adresse an, zum Beispiel kserve+http://host:8000/MODELL</translation>
    </message>
    <message>
        <source>which model? Say it in the address, as in roboflow+http://host:9001/PROJECT/VERSION</source>
        <translation>welches Modell? Geben Sie es in der Adresse an, zum Beispiel roboflow+http://host:9001/PROJEKT/VERSION</translation>
    </message>
    <message>
        <source>which model? Say it in the address, as in torchserve+http://host:8080/predictions/MODEL</source>
        <translation>welches Modell? Geben Sie es in der Adresse an, zum Beispiel torchserve+http://host:8080/predictions/MODELL</translation>
    </message>
    <message>
        <source>widths are 0</source>
        <translation>die Breiten sind 0</translation>
    </message>
    <message>
        <source>without a model nothing finds {classes} to hide: say which model, as in --model people</source>
        <translation>ohne Modell findet nichts {classes} zum Verdecken: Sagen Sie, welches Modell, etwa --model people</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>falsch</translation>
    </message>
    <message>
        <source>your quota of the disk is used up</source>
        <translation>Ihr Kontingent auf dem Laufwerk ist aufgebraucht</translation>
    </message>
    <message>
        <source>{boxes} and {scores}: boxes and scores row by row{slot}</source>
        <translation>{boxes} und {scores}: Rahmen und Werte Zeile für Zeile{slot}</translation>
    </message>
    <message>
        <source>{camera} has no picture yet. Wait until it is live.</source>
        <translation>{camera} hat noch kein Bild. Warten Sie, bis sie live ist.</translation>
    </message>
    <message>
        <source>{colour!r} is no colour: write it like #E69F00</source>
        <translation>{colour!r} ist keine Farbe: schreiben Sie sie wie #E69F00</translation>
    </message>
    <message>
        <source>{conf!r} has two confidences for all classes; write 0.4 with a point, or person=0.4</source>
        <translation>{conf!r} enthält zwei Konfidenzen für alle Klassen; schreiben Sie 0.4 mit einem Punkt, oder person=0.4</translation>
    </message>
    <message>
        <source>{count} boxes came, and none has its right and lower sides beyond its left and upper ones: one is {box} as left, top, right, bottom{hint}</source>
        <translation>{count} Rechtecke kamen, und bei keinem liegen rechte und untere Seite jenseits der linken und oberen: Eines ist {box} als links, oben, rechts, unten{hint}</translation>
    </message>
    <message>
        <source>{count} boxes that cannot be true</source>
        <translation>{count} Rahmen, die nicht stimmen können</translation>
    </message>
    <message>
        <source>{count} boxes, none valid: {reason}</source>
        <translation>{count} Rahmen, keiner gültig: {reason}</translation>
    </message>
    <message>
        <source>{count} cameras have the id {id}; give each its own, or leave it out</source>
        <translation>{count} Kameras haben die id {id}; geben Sie jeder eine eigene, oder lassen Sie sie weg</translation>
    </message>
    <message>
        <source>{count} class names are given, but the model has {room} classes: correct the names</source>
        <translation>{count} Klassennamen sind angegeben, aber das Modell hat {room} Klassen: Berichtigen Sie die Namen</translation>
    </message>
    <message>
        <source>{count} class names from beside the model</source>
        <translation>{count} Klassennamen aus der Datei neben dem Modell</translation>
    </message>
    <message>
        <source>{count} class names from the metadata</source>
        <translation>{count} Klassennamen aus den Metadaten</translation>
    </message>
    <message>
        <source>{count} dropped</source>
        <translation>{count} verloren</translation>
    </message>
    <message>
        <source>{count} more</source>
        <translation>{count} weitere</translation>
    </message>
    <message>
        <source>{count} objects came, and none has a box of four numbers: the first is {given}{hint}</source>
        <translation>{count} Objekte kamen, und keines hat ein Rechteck aus vier Zahlen: Das erste ist {given}{hint}</translation>
    </message>
    <message>
        <source>{detector} compares each picture with the ones before, which tiles are not: use it without them</source>
        <translation>{detector} vergleicht jedes Bild mit den vorigen, was mit Teilbildern nicht geht: Verwenden Sie es ohne</translation>
    </message>
    <message>
        <source>{encoder} cannot be used here ({reason}); recording with libx264 instead</source>
        <translation>{encoder} ist hier nicht verwendbar ({reason}); stattdessen wird mit libx264 aufgezeichnet</translation>
    </message>
    <message>
        <source>{encoder} is busy ({reason}); recording with libx264 instead</source>
        <translation>{encoder} ist belegt ({reason}); stattdessen wird mit libx264 aufgezeichnet</translation>
    </message>
    <message>
        <source>{evidence}, beside prototypes of masks</source>
        <translation>{evidence}, dazu Prototypen von Masken</translation>
    </message>
    <message>
        <source>{files} and {last}</source>
        <translation>{files} und {last}</translation>
    </message>
    <message>
        <source>{file}, with the weights of {model}, is cut off: it has {has} of {size} bytes; copy it again</source>
        <translation>{file} mit den Gewichten von {model} ist abgeschnitten: {has} von {size} Bytes sind da; kopieren Sie es noch einmal</translation>
    </message>
    <message>
        <source>{folder} is gone; connect its disk again or choose another folder</source>
        <translation>{folder} ist weg; schließen Sie das Laufwerk wieder an, oder wählen Sie einen anderen Ordner</translation>
    </message>
    <message>
        <source>{folder}: none of its pictures could be decoded.</source>
        <translation>{folder}: Keines der Bilder konnte decodiert werden.</translation>
    </message>
    <message>
        <source>{given} came instead of {wanted}{hint}</source>
        <translation>{given} kam statt {wanted}{hint}</translation>
    </message>
    <message>
        <source>{given} is none of body, form:FIELD and json:FIELD</source>
        <translation>{given} ist weder body noch form:FELD noch json:FELD</translation>
    </message>
    <message>
        <source>{given} is none of {known}</source>
        <translation>{given} ist keines von {known}</translation>
    </message>
    <message>
        <source>{kind}: {words}</source>
        <translation>{kind}: {words}</translation>
    </message>
    <message>
        <source>{layout} was asked for</source>
        <translation>{layout} wurde verlangt</translation>
    </message>
    <message>
        <source>{model} did not answer picture by picture</source>
        <translation>{model} hat nicht Bild für Bild geantwortet</translation>
    </message>
    <message>
        <source>{model} failed on a picture of shape {shape} ({detail})</source>
        <translation>{model} ist an einem Bild der Form {shape} gescheitert ({detail})</translation>
    </message>
    <message>
        <source>{model} has its weights in {file}, which is not in {folder}: put it there, under this name</source>
        <translation>{model} hat seine Gewichte in {file}, und das liegt nicht in {folder}: Legen Sie es dorthin, unter diesem Namen</translation>
    </message>
    <message>
        <source>{model} is Python code and was not allowed to run; choose it as a model to allow it</source>
        <translation>{model} ist Python-Code und durfte nicht ausgeführt werden; wählen Sie es als Modell, um es zu erlauben</translation>
    </message>
    <message>
        <source>{model} wants pictures of {width}x{height}, which is absurdly big</source>
        <translation>{model} verlangt Bilder mit {width}x{height}, was absurd groß ist</translation>
    </message>
    <message>
        <source>{model} wants weights from {file}, outside of its folder: not opened; export it again</source>
        <translation>{model} will Gewichte aus {file}, außerhalb seines Ordners: nicht geöffnet; exportieren Sie es neu</translation>
    </message>
    <message>
        <source>{model}: {tensor} is a {kind}, which no detection model takes or gives</source>
        <translation>{model}: {tensor} ist {kind}, was kein Erkennungsmodell nimmt oder liefert</translation>
    </message>
    <message>
        <source>{names} and {count} more</source>
        <translation>{names} und {count} weitere</translation>
    </message>
    <message>
        <source>{name} cannot be played: the program ended just after it began to record it</source>
        <translation>{name} ist nicht abspielbar: Das Programm endete, kurz nachdem die Aufnahme begann</translation>
    </message>
    <message>
        <source>{name} cannot be reached. Check the network.</source>
        <translation>{name} ist nicht erreichbar. Prüfen Sie das Netzwerk.</translation>
    </message>
    <message>
        <source>{name} closed the connection.</source>
        <translation>{name} hat die Verbindung geschlossen.</translation>
    </message>
    <message>
        <source>{name} could not be read: {reason}.</source>
        <translation>{name} konnte nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>{name} does not answer as a camera does. Is it still starting, is the port right?</source>
        <translation>{name} antwortet nicht wie eine Kamera. Startet sie noch, stimmt der Port?</translation>
    </message>
    <message>
        <source>{name} does not answer. Is it switched on and on this network?</source>
        <translation>{name} antwortet nicht. Ist sie eingeschaltet und in diesem Netzwerk?</translation>
    </message>
    <message>
        <source>{name} does not say how large the pictures are; its first line is damaged.</source>
        <translation>{name} sagt nicht, wie groß die Bilder sind; die erste Zeile ist beschädigt.</translation>
    </message>
    <message>
        <source>{name} does not send its pictures this way. Try ?transport=udp or ?transport=tcp in its address.</source>
        <translation>{name} sendet die Bilder nicht auf diesem Weg. Versuchen Sie ?transport=udp oder ?transport=tcp in der Adresse.</translation>
    </message>
    <message>
        <source>{name} ended the stream.</source>
        <translation>{name} hat den Stream beendet.</translation>
    </message>
    <message>
        <source>{name} failed on a picture of shape {shape}: {reason}</source>
        <translation>{name} ist an einem Bild der Form {shape} gescheitert: {reason}</translation>
    </message>
    <message>
        <source>{name} failed on a picture: {reason}</source>
        <translation>{name} ist an einem Bild gescheitert: {reason}</translation>
    </message>
    <message>
        <source>{name} gave a {kind} where a tensor was expected</source>
        <translation>{name} lieferte {kind}, wo ein Tensor erwartet wurde</translation>
    </message>
    <message>
        <source>{name} gave an output of shape {shape}, which is absurdly big: not decoded</source>
        <translation>{name} lieferte einen Ausgang der Form {shape}, was absurd groß ist: nicht decodiert</translation>
    </message>
    <message>
        <source>{name} has a character in it that is not allowed here</source>
        <translation>{name} enthält ein Zeichen, das hier nicht erlaubt ist</translation>
    </message>
    <message>
        <source>{name} has a character in it that no file can hold</source>
        <translation>{name} enthält ein Zeichen, das keine Datei speichern kann</translation>
    </message>
    <message>
        <source>{name} has no room for another viewer now ({status}). Close one of its viewers; one that was cut off counts for about a minute.</source>
        <translation>{name} hat jetzt keinen Platz für einen weiteren Zuschauer ({status}). Bitte einen davon schließen; ein abgebrochener zählt noch etwa eine Minute.</translation>
    </message>
    <message>
        <source>{name} has no times in it, so no part can be copied. Export it with boxes.</source>
        <translation>{name} enthält keine Zeiten, daher lässt sich kein Teil kopieren. Mit Rahmen exportieren.</translation>
    </message>
    <message>
        <source>{name} has no video in it, only the picture of a cover.</source>
        <translation>{name} enthält kein Video, nur das Bild einer Hülle.</translation>
    </message>
    <message>
        <source>{name} has no video in it.</source>
        <translation>{name} enthält kein Video.</translation>
    </message>
    <message>
        <source>{name} has no {part}, only {known}</source>
        <translation>{name} hat kein {part}, nur {known}</translation>
    </message>
    <message>
        <source>{name} has video of a kind that cannot be decoded here.</source>
        <translation>{name} enthält Video einer Art, die hier nicht decodiert werden kann.</translation>
    </message>
    <message>
        <source>{name} has {inputs} inputs and {outputs} outputs: it is no detection model</source>
        <translation>{name} hat {inputs} Eingänge und {outputs} Ausgänge: Das ist kein Erkennungsmodell</translation>
    </message>
    <message>
        <source>{name} holds up video and window for {milliseconds:.0f} ms with each picture: its `async def` computes without awaiting; make it a plain `def`, which gets a thread of its own</source>
        <translation>{name} hält Video und Fenster bei jedem Bild {milliseconds:.0f} ms lang auf: Sein `async def` rechnet, ohne zu warten; machen Sie es zu einem einfachen `def`, das einen eigenen Thread bekommt</translation>
    </message>
    <message>
        <source>{name} in the mapping cannot be used: {reason}</source>
        <translation>{name} in der Zuordnung ist nicht verwendbar: {reason}</translation>
    </message>
    <message>
        <source>{name} is closed</source>
        <translation>{name} ist geschlossen</translation>
    </message>
    <message>
        <source>{name} is empty</source>
        <translation>{name} ist leer</translation>
    </message>
    <message>
        <source>{name} is missing</source>
        <translation>{name} fehlt</translation>
    </message>
    <message>
        <source>{name} is not a file of detections that livevision has written.</source>
        <translation>{name} ist keine Datei mit Erkennungen, die livevision geschrieben hat.</translation>
    </message>
    <message>
        <source>{name} is not a video, at least not now. Check the address.</source>
        <translation>{name} ist kein Video, jedenfalls jetzt nicht. Bitte die Adresse prüfen.</translation>
    </message>
    <message>
        <source>{name} is not a video, or is damaged. Try to play it in a video player.</source>
        <translation>{name} ist kein Video oder beschädigt. Versuchen Sie, es in einem Videoplayer abzuspielen.</translation>
    </message>
    <message>
        <source>{name} is not a video, or leads to an address that it must not lead to.</source>
        <translation>{name} ist kein Video oder führt zu einer Adresse, zu der es nicht führen darf.</translation>
    </message>
    <message>
        <source>{name} is not a video.</source>
        <translation>{name} ist kein Video.</translation>
    </message>
    <message>
        <source>{name} is of type {kind}, and no model, function or class</source>
        <translation>{name} ist vom Typ {kind} und weder Modell noch Funktion noch Klasse</translation>
    </message>
    <message>
        <source>{name} is too long; {most} characters are the most</source>
        <translation>{name} ist zu lang; höchstens {most} Zeichen sind möglich</translation>
    </message>
    <message>
        <source>{name} is too long; {most} entries are the most</source>
        <translation>{name} ist zu lang; höchstens {most} Einträge sind möglich</translation>
    </message>
    <message>
        <source>{name} is unknown; {hint}</source>
        <translation>{name} ist unbekannt; {hint}</translation>
    </message>
    <message>
        <source>{name} is wrong: {error}</source>
        <translation>{name} ist falsch: {error}</translation>
    </message>
    <message>
        <source>{name} is {shown} where {wanted} is wanted</source>
        <translation>{name} ist {shown}, verlangt ist {wanted}</translation>
    </message>
    <message>
        <source>{name} is {shown}, but has to be below {most}</source>
        <translation>{name} ist {shown}, muss aber unter {most} sein</translation>
    </message>
    <message>
        <source>{name} is {shown}, but only {known} is allowed</source>
        <translation>{name} ist {shown}, erlaubt ist nur {known}</translation>
    </message>
    <message>
        <source>{name} is {shown}, but {least} is the least</source>
        <translation>{name} ist {shown}, das Wenigste ist {least}</translation>
    </message>
    <message>
        <source>{name} is {shown}, but {most} is the most</source>
        <translation>{name} ist {shown}, das Höchste ist {most}</translation>
    </message>
    <message>
        <source>{name} refused the login. Check user name and password; if they are right, set its RTSP authentication to digest/MD5, as SHA-256 cannot be given over rtsps.</source>
        <translation>{name} hat die Anmeldung abgelehnt. Prüfen Sie Benutzername und Passwort; wenn sie stimmen, stellen Sie die RTSP-Anmeldung auf Digest/MD5, da SHA-256 über rtsps nicht möglich ist.</translation>
    </message>
    <message>
        <source>{name} refuses connections. Is it switched on, and is the port right?</source>
        <translation>{name} lehnt Verbindungen ab. Ist sie eingeschaltet, stimmt der Port?</translation>
    </message>
    <message>
        <source>{name} takes BGR pictures, not {dtype} of shape {shape}</source>
        <translation>{name} nimmt BGR-Bilder, nicht {dtype} der Form {shape}</translation>
    </message>
    <message>
        <source>{name} uses a protocol that cannot be read here.</source>
        <translation>{name} verwendet ein Protokoll, das hier nicht gelesen werden kann.</translation>
    </message>
    <message>
        <source>{name} wants a login of a kind that is not known here ({algorithms}). Set its RTSP authentication to digest/MD5.</source>
        <translation>{name} verlangt eine Anmeldung, die hier nicht bekannt ist ({algorithms}). Bitte die RTSP-Anmeldung der Kamera auf Digest/MD5 stellen.</translation>
    </message>
    <message>
        <source>{name} wants a login that cannot be given here ({algorithms}). Set its web authentication to digest/MD5.</source>
        <translation>{name} verlangt eine Anmeldung, die hier nicht möglich ist ({algorithms}). Bitte die Web-Anmeldung auf Digest/MD5 stellen.</translation>
    </message>
    <message>
        <source>{name} wants a user name and a password, and its address has none. Add them: {example}</source>
        <translation>{name} verlangt Benutzername und Passwort, und die Adresse enthält keine. Bitte ergänzen: {example}</translation>
    </message>
    <message>
        <source>{name} was opened, but no picture came within {seconds:g} s.</source>
        <translation>{name} wurde geöffnet, aber binnen {seconds:g} s kam kein Bild.</translation>
    </message>
    <message>
        <source>{name} was repaired: the program had ended while it was recorded</source>
        <translation>{name} wurde repariert: Das Programm hatte während der Aufnahme geendet</translation>
    </message>
    <message>
        <source>{name} was written by livevision {version}; a newer livevision can read it.</source>
        <translation>{name} wurde von livevision {version} geschrieben; ein neueres livevision kann es lesen.</translation>
    </message>
    <message>
        <source>{name} {error}; write a function without arguments that returns the model</source>
        <translation>{name} {error}; schreiben Sie eine Funktion ohne Argumente, die das Modell liefert</translation>
    </message>
    <message>
        <source>{name} {factor:g} is out of range: it may be {low:g} to {high:g} times the usual</source>
        <translation>{name} {factor:g} ist außerhalb der Grenzen: möglich ist das {low:g}- bis {high:g}-Fache des Üblichen</translation>
    </message>
    <message>
        <source>{name}() failed: {reason}</source>
        <translation>{name}() ist fehlgeschlagen: {reason}</translation>
    </message>
    <message>
        <source>{name}() failed: {reason}; make it an `async def`: it needs the event loop</source>
        <translation>{name}() ist fehlgeschlagen: {reason}; machen Sie daraus ein `async def`: es braucht die Ereignisschleife</translation>
    </message>
    <message>
        <source>{name}() held up video and window for {seconds:.1f} s; make it a plain `def`, which runs in a thread</source>
        <translation>{name}() hat Video und Fenster {seconds:.1f} s lang aufgehalten; machen Sie es zu einem einfachen `def`, das in einem Thread läuft</translation>
    </message>
    <message>
        <source>{name}: access was refused (403). Check what this user may see.</source>
        <translation>{name}: Der Zugriff wurde verweigert (403). Prüfen Sie, was dieser Benutzer sehen darf.</translation>
    </message>
    <message>
        <source>{name}: closing</source>
        <translation>{name}: wird abgeschlossen</translation>
    </message>
    <message>
        <source>{name}: importing {module_name} failed: {reason}</source>
        <translation>{name}: Import von {module_name} fehlgeschlagen: {reason}</translation>
    </message>
    <message>
        <source>{name}: its answers for tiles do not fit together: {error}</source>
        <translation>{name}: Die Antworten für Teilbilder passen nicht zusammen: {error}</translation>
    </message>
    <message>
        <source>{name}: no picture could be made of its video.</source>
        <translation>{name}: Aus dem Video ließ sich kein Bild gewinnen.</translation>
    </message>
    <message>
        <source>{name}: no such host. Check the name in the address, and the network.</source>
        <translation>{name}: Diesen Host gibt es nicht. Prüfen Sie den Namen in der Adresse und das Netzwerk.</translation>
    </message>
    <message>
        <source>{name}: opening was interrupted.</source>
        <translation>{name}: Das Öffnen wurde abgebrochen.</translation>
    </message>
    <message>
        <source>{name}: the camera refused the user name or the password. Check them.</source>
        <translation>{name}: Die Kamera hat Benutzername oder Passwort abgelehnt. Prüfen Sie beides.</translation>
    </message>
    <message>
        <source>{name}: the connection was lost ({reason}).</source>
        <translation>{name}: Die Verbindung ging verloren ({reason}).</translation>
    </message>
    <message>
        <source>{name}: the connection was lost.</source>
        <translation>{name}: Die Verbindung ging verloren.</translation>
    </message>
    <message>
        <source>{name}: the disk does not answer, so the end of the recording may be missing; check the disk</source>
        <translation>{name}: Das Laufwerk antwortet nicht, das Ende der Aufnahme kann fehlen; prüfen Sie das Laufwerk</translation>
    </message>
    <message>
        <source>{name}: the server asks to be left alone for a while (429).</source>
        <translation>{name}: Der Server will eine Weile nicht gefragt werden (429).</translation>
    </message>
    <message>
        <source>{name}: the server has nothing there (404). Check the path in the address.</source>
        <translation>{name}: Der Server hat dort nichts (404). Prüfen Sie den Pfad in der Adresse.</translation>
    </message>
    <message>
        <source>{name}: the server has trouble of its own (5xx).</source>
        <translation>{name}: Der Server hat eigene Schwierigkeiten (5xx).</translation>
    </message>
    <message>
        <source>{name}: the server refused the request. Check the address.</source>
        <translation>{name}: Der Server hat die Anfrage abgelehnt. Prüfen Sie die Adresse.</translation>
    </message>
    <message>
        <source>{name}: there is no keyframe to begin with. Export it with boxes instead.</source>
        <translation>{name}: Es gibt kein Schlüsselbild, mit dem begonnen werden kann. Exportieren Sie stattdessen mit Rahmen.</translation>
    </message>
    <message>
        <source>{name}: there is no module {module!r}; install it, or start where it is</source>
        <translation>{name}: Das Modul {module!r} gibt es nicht; installieren Sie es, oder starten Sie dort, wo es liegt</translation>
    </message>
    <message>
        <source>{name}: {count} still to be written</source>
        <translation>{name}: noch {count} zu schreiben</translation>
    </message>
    <message>
        <source>{name}: {kind} is no type of model; it needs `async def detect(self, image)`, or to be a function that takes a picture</source>
        <translation>{name}: {kind} ist kein Typ für ein Modell; nötig ist `async def detect(self, image)` oder eine Funktion, die ein Bild nimmt</translation>
    </message>
    <message>
        <source>{name}: {module_name} has no function or class {attribute!r}</source>
        <translation>{name}: {module_name} hat keine Funktion oder Klasse {attribute!r}</translation>
    </message>
    <message>
        <source>{name}: {reason}</source>
        <translation>{name}: {reason}</translation>
    </message>
    <message>
        <source>{output} beside prototypes of masks, {masks}</source>
        <translation>{output}, dazu Prototypen von Masken, {masks}</translation>
    </message>
    <message>
        <source>{output}: 4 numbers of a box and {classes} classes a cell</source>
        <translation>{output}: 4 Zahlen eines Rahmens und {classes} Klassen je Zelle</translation>
    </message>
    <message>
        <source>{output}: 4 numbers of a box, one class and {points}keypoints a cell</source>
        <translation>{output}: 4 Zahlen eines Rahmens, eine Klasse und {points}Gelenkpunkte je Zelle</translation>
    </message>
    <message>
        <source>{output}: 4 numbers of a box, {classes} classes and an angle a cell</source>
        <translation>{output}: 4 Zahlen eines Rahmens, {classes} Klassen und ein Winkel je Zelle</translation>
    </message>
    <message>
        <source>{output}: one answer, with objectness, for each cell of the grid</source>
        <translation>{output}: eine Antwort, mit Objektwert, für jede Zelle des Gitters</translation>
    </message>
    <message>
        <source>{output}: read like this if it is a YOLOv6</source>
        <translation>{output}: wird so gelesen, falls es ein YOLOv6 ist</translation>
    </message>
    <message>
        <source>{output}: rows of a box, confidence and class</source>
        <translation>{output}: Zeilen aus Rahmen, Konfidenz und Klasse</translation>
    </message>
    <message>
        <source>{output}: rows of a box, objectness and classes</source>
        <translation>{output}: Zeilen aus Rahmen, Objektwert und Klassen</translation>
    </message>
    <message>
        <source>{output}: three answers for each cell of the grid</source>
        <translation>{output}: drei Antworten für jede Zelle des Gitters</translation>
    </message>
    <message>
        <source>{output}: {queries} queries of 4 numbers of a box and {classes} classes</source>
        <translation>{output}: {queries} Abfragen mit 4 Zahlen eines Rahmens und {classes} Klassen</translation>
    </message>
    <message>
        <source>{part!r} names no class; write it as in person=0.5</source>
        <translation>{part!r} nennt keine Klasse; schreiben Sie es wie person=0.5</translation>
    </message>
    <message>
        <source>{path} cannot be read ({reason}): correct or remove it</source>
        <translation>{path} ist nicht lesbar ({reason}): Berichtigen oder entfernen Sie die Datei</translation>
    </message>
    <message>
        <source>{path} could not be read: it is no file. Choose another one.</source>
        <translation>{path} konnte nicht gelesen werden: Das ist keine Datei. Wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>{path} could not be read: {reason}. Check its permissions.</source>
        <translation>{path} konnte nicht gelesen werden: {reason}. Prüfen Sie die Zugriffsrechte.</translation>
    </message>
    <message>
        <source>{path} could not be written: it would be too large. Remove something.</source>
        <translation>{path} konnte nicht geschrieben werden: Die Datei würde zu groß. Entfernen Sie etwas.</translation>
    </message>
    <message>
        <source>{path} could not be written: {error}. Remove something.</source>
        <translation>{path} konnte nicht geschrieben werden: {error}. Entfernen Sie etwas.</translation>
    </message>
    <message>
        <source>{path} could not be written: {reason}. Changes last until livevision is closed; check the permissions of its folder, and the space.</source>
        <translation>{path} konnte nicht geschrieben werden: {reason}. Änderungen gelten, bis livevision geschlossen wird; prüfen Sie die Zugriffsrechte des Ordners und den Platz.</translation>
    </message>
    <message>
        <source>{path} exists already; choose another name, or remove it first</source>
        <translation>{path} gibt es schon; wählen Sie einen anderen Namen, oder entfernen Sie es zuerst</translation>
    </message>
    <message>
        <source>{path} has {count} class names: one a line is wanted; correct or remove it</source>
        <translation>{path} hat {count} Klassennamen: Verlangt ist einer je Zeile; berichtigen oder entfernen Sie die Datei</translation>
    </message>
    <message>
        <source>{path} is a folder without pictures (jpg, png, …). Name a video in it, or another folder.</source>
        <translation>{path} ist ein Ordner ohne Bilder (jpg, png, …). Nennen Sie ein Video darin oder einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{path} is a folder; name the .onnx file in it</source>
        <translation>{path} ist ein Ordner; nennen Sie die .onnx-Datei darin</translation>
    </message>
    <message>
        <source>{path} is an animated WebP, which cannot be read here; save it as GIF or MP4.</source>
        <translation>{path} ist ein animiertes WebP, das hier nicht gelesen werden kann; als GIF oder MP4 speichern.</translation>
    </message>
    <message>
        <source>{path} is being recorded; it needs no repair</source>
        <translation>{path} wird gerade aufgezeichnet und braucht keine Reparatur</translation>
    </message>
    <message>
        <source>{path} is larger than the 2 MB that describe any model: correct or remove it</source>
        <translation>{path} ist größer als die 2 MB, die jedes Modell beschreiben: Berichtigen oder entfernen Sie die Datei</translation>
    </message>
    <message>
        <source>{path} is left alone, and changes are not saved: {error}. Start the newer one, or move the file away.</source>
        <translation>{path} bleibt unberührt, Änderungen werden nicht gespeichert: {error}. Starten Sie das neuere, oder verschieben Sie die Datei.</translation>
    </message>
    <message>
        <source>{path} is no model that ONNX Runtime can load: {reason}</source>
        <translation>{path} ist kein Modell, das ONNX Runtime laden kann: {reason}</translation>
    </message>
    <message>
        <source>{path} is no picture that can be read: take a JPEG or PNG</source>
        <translation>{path} ist kein lesbares Bild: Nehmen Sie ein JPEG oder PNG</translation>
    </message>
    <message>
        <source>{path} may not be read. Check its permissions.</source>
        <translation>{path} darf nicht gelesen werden. Prüfen Sie die Zugriffsrechte.</translation>
    </message>
    <message>
        <source>{path} was not understood and is now called {name}. Mend it and give it its name back, or go on with new settings.
{error}</source>
        <translation>{path} war nicht verständlich und heißt jetzt {name}. Berichtigen Sie die Datei und geben Sie ihr den Namen zurück, oder arbeiten Sie mit neuen Einstellungen weiter.
{error}</translation>
    </message>
    <message>
        <source>{path} was not understood, cannot be renamed here, and stays as it is. Mend it; until then changes are not saved.
{error}</source>
        <translation>{path} war nicht verständlich, kann hier nicht umbenannt werden und bleibt, wie sie ist. Berichtigen Sie die Datei; bis dahin werden Änderungen nicht gespeichert.
{error}</translation>
    </message>
    <message>
        <source>{path} was not understood. Mend it and start again.
{error}</source>
        <translation>{path} war nicht verständlich. Berichtigen Sie die Datei, und starten Sie neu.
{error}</translation>
    </message>
    <message>
        <source>{path}, which describes the model, is wrong ({reason}): correct or remove it</source>
        <translation>{path}, die das Modell beschreibt, ist falsch ({reason}): Berichtigen oder entfernen Sie die Datei</translation>
    </message>
    <message>
        <source>{path}: no picture in it could be decoded.</source>
        <translation>{path}: Kein Bild darin konnte decodiert werden.</translation>
    </message>
    <message>
        <source>{path}: snapshots are PNG or JPEG files; name it {stem}.png</source>
        <translation>{path}: Schnappschüsse sind PNG- oder JPEG-Dateien; nennen Sie die Datei {stem}.png</translation>
    </message>
    <message>
        <source>{providers}: running on the CPU</source>
        <translation>{providers}: läuft auf der CPU</translation>
    </message>
    <message>
        <source>{provider} could not be used ({reason})</source>
        <translation>{provider} war nicht verwendbar ({reason})</translation>
    </message>
    <message>
        <source>{provider} stopped working ({reason}): loaded anew</source>
        <translation>{provider} hat aufgehört zu arbeiten ({reason}): neu geladen</translation>
    </message>
    <message>
        <source>{provider} stopped working ({reason}): running on the CPU; choose the model again to try it anew</source>
        <translation>{provider} hat aufgehört zu arbeiten ({reason}): läuft auf dem Prozessor; wählen Sie das Modell noch einmal, um es neu zu versuchen</translation>
    </message>
    <message>
        <source>{recorded}; {remark}</source>
        <translation>{recorded}; {remark}</translation>
    </message>
    <message>
        <source>{recording}: its detections say nothing of {classes}, who would be seen; annotate it with a model that knows them</source>
        <translation>{recording}: Die Funde sagen nichts über {classes}, die man also sähe; werten Sie es mit einem Modell aus, das sie kennt</translation>
    </message>
    <message>
        <source>{recording}: there is no picture in this section.</source>
        <translation>{recording}: In diesem Abschnitt ist kein Bild.</translation>
    </message>
    <message>
        <source>{said}, as many as the metadata name</source>
        <translation>{said}, so viele, wie die Metadaten nennen</translation>
    </message>
    <message>
        <source>{scheme}:// cannot be read{hint}; known are {known}, file://, the path of a video or of a folder of pictures, the number or name of a webcam, screen:, and synthetic:street.</source>
        <translation>{scheme}:// kann nicht gelesen werden{hint}; bekannt sind {known}, file://, der Pfad eines Videos oder eines Ordners mit Bildern, Nummer oder Name einer Webcam, screen: und synthetic:street.</translation>
    </message>
    <message>
        <source>{scheme}:// cannot be read{hint}; known are {known}.</source>
        <translation>{scheme}:// kann nicht gelesen werden{hint}; bekannt sind {known}.</translation>
    </message>
    <message>
        <source>{seen}; its metadata name {count} classes, but as {layout} it has {room}: {advice}</source>
        <translation>{seen}; seine Metadaten nennen {count} Klassen, aber als {layout} hat es {room}: {advice}</translation>
    </message>
    <message>
        <source>{seen}; no known layout fits: {advice}, one of {known}</source>
        <translation>{seen}; kein bekanntes Layout passt: {advice}, eines von {known}</translation>
    </message>
    <message>
        <source>{seen}; that could be {layouts}: {advice}</source>
        <translation>{seen}; das könnte {layouts} sein: {advice}</translation>
    </message>
    <message>
        <source>{size!r} is no size of tiles; write width x height, as in 640x640</source>
        <translation>{size!r} ist keine Größe von Teilbildern; schreiben Sie Breite x Höhe, zum Beispiel 640x640</translation>
    </message>
    <message>
        <source>{target} exists already; choose another output, or remove it first</source>
        <translation>{target} gibt es schon; wählen Sie eine andere Ausgabe, oder entfernen Sie sie zuerst</translation>
    </message>
    <message>
        <source>{target} would be read and written at once; choose another name</source>
        <translation>{target} würde zugleich gelesen und geschrieben; wählen Sie einen anderen Namen</translation>
    </message>
    <message>
        <source>{target} would be read and written at once; choose another output</source>
        <translation>{target} würde zugleich gelesen und geschrieben; wählen Sie eine andere Ausgabe</translation>
    </message>
    <message>
        <source>{target}: a clean copy of {recording} is a {wanted} file; name it so</source>
        <translation>{target}: Eine Kopie von {recording} in Originalqualität ist eine {wanted}-Datei; nennen Sie sie so</translation>
    </message>
    <message>
        <source>{target}: the output is an MP4 file; name it {stem}.mp4</source>
        <translation>{target}: Die Ausgabe ist eine MP4-Datei; nennen Sie sie {stem}.mp4</translation>
    </message>
    <message>
        <source>{tensor} is FP16, which JSON does not have, and the server does not take binary_tensor_data: serve the model with FP32 inputs and outputs</source>
        <translation>{tensor} ist FP16, was es in JSON nicht gibt, und der Server nimmt kein binary_tensor_data: Modell mit FP32-Ein- und -Ausgaben bereitstellen</translation>
    </message>
    <message>
        <source>{text} ({file}, line {line})</source>
        <translation>{text} ({file}, Zeile {line})</translation>
    </message>
    <message>
        <source>{text}: a brace is not closed; write fields as {{camera}}</source>
        <translation>{text}: Eine Klammer ist nicht geschlossen; schreiben Sie Felder wie {{camera}}</translation>
    </message>
    <message>
        <source>{text}: a name of recordings stays within their folder, so it has no .., no // and no / at its ends; try {usual}</source>
        <translation>{text}: Ein Name von Aufnahmen bleibt in deren Ordner, also ohne .., ohne // und ohne / an den Enden; versuchen Sie {usual}</translation>
    </message>
    <message>
        <source>{text}: add {{time}}, as every recording would have the same name; try {usual}</source>
        <translation>{text}: Fügen Sie {{time}} hinzu, sonst hätte jede Aufnahme denselben Namen; versuchen Sie {usual}</translation>
    </message>
    <message>
        <source>{text}: give folders below that of the recordings, at most {most}</source>
        <translation>{text}: Geben Sie Ordner unterhalb dessen der Aufnahmen an, höchstens {most}</translation>
    </message>
    <message>
        <source>{text}: say how long or how large each file may be, from 1 s or 100 kB on, as in 10m or 500MB</source>
        <translation>{text}: Geben Sie an, wie lang oder wie groß jede Datei werden darf, ab 1 s oder 100 kB, zum Beispiel 10m oder 500MB</translation>
    </message>
    <message>
        <source>{text}; it is over: choose the model again to start it anew</source>
        <translation>{text}; damit ist es beendet: Wählen Sie das Modell noch einmal, um es neu zu starten</translation>
    </message>
    <message>
        <source>{trouble}, since {time}</source>
        <translation>{trouble}, seit {time}</translation>
    </message>
    <message>
        <source>{trouble}, trying again in {seconds} s</source>
        <translation>{trouble}, neuer Versuch in {seconds} s</translation>
    </message>
    <message>
        <source>{trouble}; it does not say what its model takes, and was given {tensor}: if it takes another size, say --imgsz WIDTHxHEIGHT, or imgsz= in the address</source>
        <translation>{trouble}; er sagt nicht, was sein Modell nimmt, und bekam {tensor}: Nimmt es eine andere Größe, --imgsz BREITExHÖHE angeben, oder imgsz= in der Adresse</translation>
    </message>
    <message>
        <source>{trouble}; the picture was sent as {ways} in vain: say send=form:FIELD or send=json:FIELD in the address</source>
        <translation>{trouble}; das Bild wurde vergeblich als {ways} gesendet: send=form:FELD oder send=json:FELD in der Adresse angeben</translation>
    </message>
    <message>
        <source>{typed!r} is no confidence; write 0.4, or person=0.5,car=0.3</source>
        <translation>{typed!r} ist keine Konfidenz; schreiben Sie 0.4 oder person=0.5,car=0.3</translation>
    </message>
    <message>
        <source>{typed}:// does not say what the server speaks: {form}</source>
        <translation>{typed}:// sagt nicht, was der Server spricht: {form}</translation>
    </message>
    <message>
        <source>{typed}:// needs to say how to get there: {typed}+http://… or {typed}+https://…</source>
        <translation>bei {typed}:// fehlt der Weg dorthin: {typed}+http://… oder {typed}+https://…</translation>
    </message>
    <message>
        <source>{what} {shown} of the model has no shape that can be</source>
        <translation>{what} {shown} des Modells hat eine unmögliche Form</translation>
    </message>
    <message>
        <source>{what} {shown} of the model: {error}</source>
        <translation>{what} {shown} des Modells: {error}</translation>
    </message>
    <message>
        <source>{whole} ms a picture, {alone} of it the model alone</source>
        <translation>{whole} ms je Bild, davon {alone} das Modell allein</translation>
    </message>
</context>
<context>
    <name>drops</name>
    <message>
        <source>capture</source>
        <translation>Empfang</translation>
    </message>
    <message>
        <source>backlog</source>
        <translation>Rückstau</translation>
    </message>
    <message>
        <source>display</source>
        <translation>Anzeige</translation>
    </message>
    <message>
        <source>late</source>
        <translation>Verspätung</translation>
    </message>
    <message>
        <source>unsound boxes</source>
        <translation>unmögliche Rahmen</translation>
    </message>
    <message>
        <source>recording</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>Fehler</translation>
    </message>
</context>
<context>
    <name>findings</name>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Bildrate</translation>
    </message>
    <message>
        <source>First picture</source>
        <translation>Erstes Bild</translation>
    </message>
    <message>
        <source>after {:.2f} s</source>
        <translation>nach {:.2f} s</translation>
    </message>
    <message>
        <source>Keyframes</source>
        <translation>Schlüsselbilder</translation>
    </message>
    <message>
        <source>Jitter</source>
        <translation>Schwankung</translation>
    </message>
    <message>
        <source>{:.0f} ms</source>
        <translation>{:.0f} ms</translation>
    </message>
    <message>
        <source>Damaged</source>
        <translation>Beschädigt</translation>
    </message>
    <message>
        <source>{} of {} pictures</source>
        <translation>{} von {} Bildern</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>{:.1f} s</source>
        <translation>{:.1f} s</translation>
    </message>
    <message>
        <source>This camera asks for an account: fill in user and password above.</source>
        <translation>Diese Kamera verlangt eine Anmeldung: oben Benutzer und Passwort eingeben.</translation>
    </message>
    <message>
        <source>Check user and password: capital letters count, and some cameras lock after a few wrong tries.</source>
        <translation>Benutzer und Passwort prüfen: Groß- und Kleinschreibung zählt, und manche Kameras sperren nach wenigen falschen Versuchen.</translation>
    </message>
    <message>
        <source>{} × {}, pixels {}</source>
        <translation>{} × {}, Pixel {}</translation>
    </message>
    <message>
        <source>turned by {}° clockwise</source>
        <translation>um {}° im Uhrzeigersinn gedreht</translation>
    </message>
    <message>
        <source>mirrored</source>
        <translation>gespiegelt</translation>
    </message>
    <message>
        <source>interlaced</source>
        <translation>mit Halbbildern</translation>
    </message>
    <message>
        <source>HDR ({})</source>
        <translation>HDR ({})</translation>
    </message>
    <message>
        <source>{} bit</source>
        <translation>{} Bit</translation>
    </message>
    <message>
        <source>too few pictures to measure</source>
        <translation>zu wenige Bilder zum Messen</translation>
    </message>
    <message>
        <source>{:.1f} pictures a second</source>
        <translation>{:.1f} Bilder pro Sekunde</translation>
    </message>
    <message>
        <source> ({:.4g} declared)</source>
        <translation> ({:.4g} angegeben)</translation>
    </message>
    <message>
        <source>every picture is one</source>
        <translation>jedes Bild ist eines</translation>
    </message>
    <message>
        <source>more than {:.0f} s apart: joining and seeking take as long</source>
        <translation>mehr als {:.0f} s auseinander: Einsteigen und Springen dauern so lange</translation>
    </message>
    <message>
        <source>every {:.1f} s</source>
        <translation>alle {:.1f} s</translation>
    </message>
</context>
<context>
    <name>tile</name>
    <message>
        <source>Record</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>Aufnahme beenden</translation>
    </message>
    <message>
        <source>Save a snapshot</source>
        <translation>Schnappschuss speichern</translation>
    </message>
    <message>
        <source>Freeze the picture</source>
        <translation>Bild anhalten</translation>
    </message>
    <message>
        <source>Show the live picture</source>
        <translation>Live-Bild zeigen</translation>
    </message>
    <message>
        <source>Boxes</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Stop loading {model}</source>
        <translation>Laden von {model} abbrechen</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
    <message>
        <source>Maximise, or back</source>
        <translation>Vergrößern oder zurück</translation>
    </message>
    <message>
        <source>Settings of this camera…</source>
        <translation>Einstellungen dieser Kamera…</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Closer</source>
        <translation>Näher heran</translation>
    </message>
    <message>
        <source>Further away</source>
        <translation>Weiter weg</translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation>Ganzes Bild</translation>
    </message>
    <message>
        <source>Turn right</source>
        <translation>Nach rechts drehen</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>Spiegeln</translation>
    </message>
    <message>
        <source>Fill the tile</source>
        <translation>Kachel füllen</translation>
    </message>
    <message>
        <source>FPS monitor</source>
        <translation>FPS-Anzeige</translation>
    </message>
    <message>
        <source>One line</source>
        <translation>Eine Zeile</translation>
    </message>
    <message>
        <source>With curve</source>
        <translation>Mit Kurve</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>boxes {} ms</source>
        <translation>Rahmen {} ms</translation>
    </message>
</context>
<context>
    <name>timing</name>
    <message>
        <source>Live: moved to where objects are</source>
        <translation>Live: dorthin verschoben, wo die Objekte sind</translation>
    </message>
    <message>
        <source>Aligned: pictures wait for their boxes</source>
        <translation>Abgestimmt: Bilder warten auf ihre Rahmen</translation>
    </message>
    <message>
        <source>As they come: where objects were</source>
        <translation>Wie sie kommen: wo die Objekte waren</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>No picture for {}</source>
        <translation>Seit {} kein Bild</translation>
    </message>
    <message>
        <source>Last picture {} ago</source>
        <translation>Letztes Bild vor {}</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Verbinden…</translation>
    </message>
    <message>
        <source>The picture has stopped</source>
        <translation>Das Bild steht</translation>
    </message>
    <message>
        <source>Access refused</source>
        <translation>Zugang verweigert</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Zu Ende</translation>
    </message>
    <message>
        <source>Cannot be shown</source>
        <translation>Kann nicht gezeigt werden</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>Reconnecting in {} s</source>
        <translation>Neue Verbindung in {} s</translation>
    </message>
    <message>
        <source>Reconnecting…</source>
        <translation>Verbindung wird neu aufgebaut…</translation>
    </message>
    <message>
        <source>No picture for {since}, reconnecting in {wait} s</source>
        <translation>Seit {since} kein Bild, neue Verbindung in {wait} s</translation>
    </message>
    <message>
        <source>No picture for {since}, reconnecting…</source>
        <translation>Seit {since} kein Bild, Verbindung wird neu aufgebaut…</translation>
    </message>
    <message>
        <source>Play again</source>
        <translation>Noch einmal abspielen</translation>
    </message>
    <message>
        <source>Retry now</source>
        <translation>Jetzt versuchen</translation>
    </message>
    <message>
        <source>loading {}…</source>
        <translation>{} wird geladen…</translation>
    </message>
    <message>
        <source>{} dropped</source>
        <translation>{} verloren</translation>
    </message>
    <message>
        <source>{} s</source>
        <translation>{} s</translation>
    </message>
    <message>
        <source>{} min</source>
        <translation>{} min</translation>
    </message>
    <message>
        <source>{} h {} min</source>
        <translation>{} h {} min</translation>
    </message>
    <message>
        <source>frozen · {} behind</source>
        <translation>angehalten · {} zurück</translation>
    </message>
</context>
</TS>
